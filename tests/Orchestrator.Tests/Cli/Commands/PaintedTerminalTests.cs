using System.Diagnostics;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Cli.Commands;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary>Each command on text with terminal control characters: from a file, from the cluster, from the command line.</summary>
public sealed class PaintedTerminalTests : IDisposable
{
    // Conceals, sets a title, colours by C1, reverses, separates lines, hides by a tag character, by a soft hyphen and by a filler.
    private const string Paint = "a\e[8m\e]0;owned\a\u009b31m\u202e\u2066\u200f\u061c\u2028\u007f\u00ad\u3164\U000E0041z";
    private const string InYaml = "\"a\\e[8m\\e]0;owned\\a\\x9b31m\\u202e\\u2066\\u200f\\u061c\\u2028\\x7f\\xad\\u3164\\U000E0041z\"";
    private const string Shown = "a\\u001B[8m\\u001B]0;owned\\u0007\\u009B31m\\u202E\\u2066\\u200F\\u061C\\u2028\\u007F\\u00AD\\u3164\\uDB40\\uDC41z";

    private static readonly ObjectKey Painted = new("default", "painted");

    private readonly Example example = new();
    private readonly InMemoryResourceStore store = new(TimeProvider.System, (_, _) => "uid");

    public void Dispose() => example.Dispose();

    [Theory]
    [InlineData("validate", "unknown-key", 2)]
    [InlineData("plan", "unknown-key", 2)]
    [InlineData("up --once", "unknown-key", 2)]
    [InlineData("down", "unknown-key", 2)]
    [InlineData("validate", "value", 2)]
    [InlineData("validate", "reference", 0)]
    [InlineData("plan", "reference", 1)]
    [InlineData("validate", "broken", 2)]
    [InlineData("validate", "nowhere" + Paint, 2)]
    [InlineData("plan --namespace " + Paint, "value", 2)]
    [InlineData("status " + Paint, null, 1)]
    [InlineData("status -o " + Paint, null, 2)]
    [InlineData("crds " + Paint, null, 2)]
    [InlineData(Paint, null, 2)]
    [InlineData("secrets-manager --iam-policy " + Paint, null, 2)]
    [InlineData("operator --kubeconfig " + Paint, null, 2)]
    public async Task Control_characters_from_files_and_arguments_are_escaped(string command, string? file, int exitCode)
    {
        var input = file switch
        {
            "unknown-key" => Component($"config: {{region: eu-west-1, secretName: a, fields: {{a: {{value: b}}}}, {InYaml}: 1}}"),
            "value" => Component($"config: {{region: {InYaml}, secretName: {InYaml}, fields: {{{InYaml}: {{value: 1}}}}}}"),
            "reference" => Component($"config: {{region: eu-west-1, secretName: a, fields: {{{InYaml}: {{value: '{{{{ .gone.providerStatus.a }}}}'}}}}}}"),
            "broken" => Component($"config: [{InYaml}: ]]"),
            _ => null,
        };
        var path = input is null ? file : example.Write(file!, input);
        foreach (var isInteractive in (bool[])[false, true])
        {
            var (code, output) = await Run([.. command.Split(' '), .. path is null ? (string[])[] : [path]], isInteractive);

            Assert.Equal(exitCode, code);
            AssertVisible(output, isInteractive);
        }
    }

    [Theory]
    [InlineData("status")]
    [InlineData("status painted")]
    [InlineData("status -o json")]
    [InlineData("status -o yaml")]
    [InlineData("plan FILE --cluster")]
    [InlineData("plan FILE --cluster -o json")]
    [InlineData("plan FILE --cluster -o yaml")]
    public async Task Control_characters_from_a_cluster_are_escaped(string command)
    {
        await Put();
        var file = example.Write("app.yaml", Component("config: {region: eu-west-1, secretName: a, fields: {a: {value: b}}}", "painted"));
        foreach (var isInteractive in (bool[])[false, true])
        {
            var (_, output) = await Run([.. command.Split(' ').Select(word => word == "FILE" ? file : word)], isInteractive);

            AssertVisible(output, isInteractive);
            if (!isInteractive && command.StartsWith("status", StringComparison.Ordinal))
                Assert.Contains(command.EndsWith("yaml", StringComparison.Ordinal) ? "\\U000E0041z" : Shown, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Control_characters_in_an_internal_error_are_escaped()
    {
        var (code, output) = await Run(["status", "--verbose"], isInteractive: false, new NotSupportedException(Paint));

        Assert.Equal(70, code);
        AssertVisible(output, isInteractive: false);
        Assert.Contains(Shown, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_characters_in_the_operators_log_are_escaped()
    {
        var kubeconfig = example.Write("config", """
            {"apiVersion":"v1","kind":"Config","current-context":"a","contexts":[{"name":"a","context":{"cluster":"a","user":"a"}}],
             "clusters":[{"name":"a","cluster":{"server":"http://127.0.0.1:9"}}],"users":[{"name":"a","user":{"token":"t"}}]}
            """);
        var start = DorchProcess.Start(example.Folder, new("http://127.0.0.1:9"), ["operator", "--kubeconfig", kubeconfig, "--listen", "127.0.0.1:0"]);
        start.Environment["POD_NAME"] = Paint;
        using var process = Process.Start(start)!;
        try
        {
            var line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);

            AssertVisible(line!, isInteractive: false);
            Assert.Contains(Paint, JsonNode.Parse(line!)!["Message"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string Component(string config, string name = "a") => $"""
        apiVersion: deployment-orchestrator.io/v1alpha1
        kind: Component
        metadata:
          name: {name}
        spec:
          handler: secret-push
          {config}
        """;

    // The line end is the program's; on a terminal it also draws and moves the cursor, but never with these.
    private static void AssertVisible(string output, bool isInteractive)
    {
        Assert.NotEmpty(output);
        Assert.DoesNotContain("\e[8m", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e]", output, StringComparison.Ordinal);
        Assert.DoesNotContain(output.EnumerateRunes(), c => VisibleText.IsHidden(c) && c.Value != '\n' && !(isInteractive && c.Value is '\e' or '\r'));
    }

    private async Task Put()
    {
        var component = new JsonObject
        {
            ["apiVersion"] = "deployment-orchestrator.io/v1alpha1",
            ["kind"] = "Component",
            ["metadata"] = new JsonObject { ["name"] = Painted.Name, ["namespace"] = Painted.Namespace },
            ["spec"] = new JsonObject { ["handler"] = "secret-push", ["config"] = new JsonObject { [Paint] = Paint } },
        };
        var created = await store.Create(component, TestContext.Current.CancellationToken);
        created["status"] = new JsonObject
        {
            ["phase"] = Paint,
            ["message"] = Paint,
            ["observedGeneration"] = 1,
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = Paint, ["status"] = "False", ["reason"] = Paint, ["message"] = Paint }),
            ["providerStatus"] = new JsonObject { [Paint] = Paint, ["secretName"] = Paint, ["versionId"] = Paint, ["region"] = Paint },
        };
        await store.ReplaceStatus(created, TestContext.Current.CancellationToken);
    }

    private async Task<(int Code, string Output)> Run(string[] arguments, bool isInteractive, Exception? error = null)
    {
        var written = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(written, written) { IsOutInteractive = isInteractive, IsErrorInteractive = isInteractive, HasColor = true, Width = 400 };
        var context = new CommandContext(terminal, Stream.Null, TimeProvider.System)
        {
            FindCluster = (kubeconfig, context, time) => error is not null ? throw error
                : kubeconfig is null ? new(store, "default") : ClusterConnection.Find(kubeconfig, context, time),
        };
        return (await DorchCommand.Run(arguments, context, TestContext.Current.CancellationToken), written.ToString());
    }
}
