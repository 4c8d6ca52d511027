using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Tests.SecretsManager;
using Microsoft.AspNetCore.Http;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary>Objects in a cluster, and managedFields, which mirror them, may nest deeper than System.Text.Json reads by default. Field:
/// deep-objects-in-the-cluster.</summary>
public sealed class DeepClusterTests : IDisposable
{
    private const string Kinds = """
        {"kind":"APIResourceList","resources":[
          {"name":"components","namespaced":true,"kind":"Component"},{"name":"compositions","namespaced":true,"kind":"Composition"},
          {"name":"widgets","namespaced":true,"kind":"Widget"},{"name":"configmaps","namespaced":true,"kind":"ConfigMap"},
          {"name":"namespaces","namespaced":false,"kind":"Namespace"}]}
        """;

    private const string File = """
        {"apiVersion":"deployment-orchestrator.io/v1alpha1","kind":"Component","metadata":{"name":"ours","namespace":"default"},
         "spec":{"handler":"config-reader","config":{"sources":[{"name":"x","exports":[{"key":"y"}]}]}}}
        """;

    private readonly Example example = new();

    public void Dispose() => example.Dispose();

    [Fact]
    public async Task Status_shows_what_managedFields_mirror_and_leaves_out_what_is_deeper()
    {
        await using var server = await Server(Component("mirrored", 100, 200), Component("deep", 300, 300), Component("deepest", 9_000, 9_900));
        using var store = Store(server);

        var run = await CommandLineRun.Of(["status"], cluster: store);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("mirrored  elsewhere", run.Output, StringComparison.Ordinal);
        Assert.Equal(["deep", "deepest"], run.Error.TrimEnd('\n').Split('\n').Select(line => line.Split(" default/")[1].Split(':')[0]));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("yaml")]
    public async Task Status_prints_a_deeply_nested_object_as_JSON_and_YAML(string format)
    {
        await using var server = await Server(Component("mirrored", 100, 200));
        using var store = Store(server);

        var run = await CommandLineRun.Of(["status", "-o", format], cluster: store);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("mirrored", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_works_beside_a_deeply_nested_object()
    {
        await using var server = await Server(Component("mirrored", 100, 200), Component("deep", 300, 300), Component("deepest", 9_000, 9_900));
        using var store = Store(server);
        var files = example.Write("app.json", File);

        var run = await CommandLineRun.Of(["plan", files, "--cluster", "--cluster-id", "test"], cluster: store);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("ours", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.Error.Split('\n').Count(line => line.StartsWith("dorch: skipped, ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_object_of_the_files_that_is_deep_in_the_cluster_is_not_compared()
    {
        var widget = $$$"""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w","namespace":"default"},"spec":{{{Nested(400)}}}}""";
        await using var server = await Server();
        using var store = Store(server);
        Objects["/apis/example.com/v1/namespaces/default/widgets/w"] = widget;
        var file = example.Write("widget.json", """{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w","namespace":"default"}}""");

        var run = await CommandLineRun.Of(["plan", file, "--cluster", "--cluster-id", "test"], cluster: store);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("unknown", run.Output, StringComparison.Ordinal);
        Assert.Contains("the existing object nests more than 248 levels deep, so it is not compared", run.Output, StringComparison.Ordinal);
    }

    private Dictionary<string, string> Objects { get; } = new(StringComparer.Ordinal)
    {
        ["/api/v1/namespaces/default"] = """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"default"}}""",
    };

    private Task<ScriptedServer> Server(params string[] components) => ScriptedServer.Start(async (context, _) =>
    {
        var path = context.Request.Path.Value!;
        var answer = path is "/api/v1" or "/apis/deployment-orchestrator.io/v1alpha1" or "/apis/example.com/v1" ? Kinds
            : path.EndsWith("/components", StringComparison.Ordinal)
                ? $$$"""{"metadata":{"resourceVersion":"7"},"items":[{{{string.Join(',', components)}}}]}"""
            : path.EndsWith("/compositions", StringComparison.Ordinal) ? """{"metadata":{"resourceVersion":"7"},"items":[]}"""
            : Objects.GetValueOrDefault(path);
        context.Response.StatusCode = answer is null ? 404 : 200;
        await context.Response.WriteAsync(answer ?? """{"kind":"Status","reason":"NotFound","code":404}""");
    });

    private static string Component(string name, int depth, int mirrored) => $$$"""
        {"apiVersion":"deployment-orchestrator.io/v1alpha1","kind":"Component","metadata":{"name":"{{{name}}}","namespace":"default","uid":"{{{name}}}",
          "managedFields":[{"manager":"kubectl","fieldsV1":{{{Nested(mirrored)}}}}]},"spec":{"handler":"elsewhere","config":{{{Nested(depth)}}}}}
        """;

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"f:a\":", depth)) + "{}" + new string('}', depth);

    private KubernetesResourceStore Store(ScriptedServer server) => new(ClusterAccess.Kubeconfig(example.Write("kubeconfig", $$$"""
        {"apiVersion":"v1","kind":"Config","current-context":"test","contexts":[{"name":"test","context":{"cluster":"test","user":"test"}}],
         "clusters":[{"name":"test","cluster":{"server":"{{{server.Endpoint}}}"}}],"users":[{"name":"test","user":{"token":"test"}}]}
        """)), TimeProvider.System, new TestLog());
}
