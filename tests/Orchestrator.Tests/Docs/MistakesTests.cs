using System.Diagnostics;
using System.Reflection;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.Tests.Cli.Commands;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Docs;

/// <summary>Every mistake of docs/mistakes.md, made as it is written there, is answered in the words that are written there.</summary>
public sealed class MistakesTests : IDisposable
{
    private static readonly string[] Quiet = [">/dev/null"];

    private static readonly IReadOnlyDictionary<string, Mistake> Page =
        Mistake.Read(File.ReadAllText(Path.Combine(Metadata("Docs"), "mistakes.md"))).ToDictionary(m => m.Title, StringComparer.Ordinal);

    private readonly Example example = new();

    public static TheoryData<string> Titles => [.. Page.Keys];

    public void Dispose() => example.Dispose();

    [Theory, MemberData(nameof(Titles))]
    public async Task What_is_printed_is_what_the_page_shows(string title)
    {
        var mistake = Page[title];
        if (mistake.Yaml is { } yaml)
            example.Write("app.yaml", yaml);
        await using var server = await SecretsManagerServer.StartAsync(
            new() { IamPolicy = mistake.Policy is { } policy ? IamPolicy.Parse(policy) : null }, TestContext.Current.CancellationToken);
        foreach (var words in mistake.Commands.SkipLast(1).Select(c => c.Split(' ')))
            await Aws(server, words);

        var command = mistake.Commands[^1].Split(' ');
        Assert.Equal("dorch", command[0]);
        var arguments = command[1..].Except(Quiet, StringComparer.Ordinal)
            .Select(a => a.EndsWith(".yaml", StringComparison.Ordinal) || a.EndsWith(".yml", StringComparison.Ordinal) ? Path.Combine(example.Folder, a) : a).ToArray();
        var run = mistake.Yaml?.Contains("region:", StringComparison.Ordinal) == false && arguments.Contains("--cluster-id", StringComparer.Ordinal)
            ? await WithoutRegion(arguments, server)
            : await CommandLineRun.Of(arguments, aws: new() { Endpoint = server.Endpoint, Credentials = AwsCredentialsSource.AccessKey("local", "local") });

        var said = command.Contains(Quiet[0], StringComparer.Ordinal) ? run.Error : run.Output + run.Error;
        said = said.Replace(example.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        // How many steps of several components are seen on the way depends on the machine.
        if (mistake.Said.StartsWith("…\n", StringComparison.Ordinal))
            Assert.EndsWith(mistake.Said[1..], said, StringComparison.Ordinal);
        else
            Assert.Equal(mistake.Said, said);
        Assert.Equal(mistake.ExitCode, run.ExitCode);
    }

    [Fact]
    public void There_are_at_least_twenty_five_each_with_a_way_out()
    {
        Assert.InRange(Page.Count, 25, int.MaxValue);
        Assert.All(Page.Values, m => Assert.NotEqual("", m.WayOut));
        Assert.Equal(Enumerable.Range(1, Page.Count).Select(i => $"{i}."), Page.Keys.Select(t => t.Split(' ')[0]));
    }

    private static async Task Aws(SecretsManagerServer server, string[] words)
    {
        Assert.Equal(["aws", "secretsmanager", "create-secret"], words[..3]);
        var options = words[3..].Chunk(2).ToDictionary(o => o[0], o => o[1], StringComparer.Ordinal);
        (await new AwsJsonClient(server.Endpoint, options["--region"]).Call("CreateSecret", new
        {
            Name = options["--name"],
            SecretString = options["--secret-string"],
            ClientRequestToken = AwsJsonClient.NewToken(),
        })).Ok();
    }

    // This process's environment may name a region; one of its own has none.
    private async Task<CommandLineRun> WithoutRegion(string[] arguments, SecretsManagerServer server)
    {
        var start = new ProcessStartInfo("dotnet", [Metadata("Dorch"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["HOME"] = example.Folder;
        start.Environment["AWS_ACCESS_KEY_ID"] = start.Environment["AWS_SECRET_ACCESS_KEY"] = "local";
        start.Environment["AWS_ENDPOINT_URL"] = server.Endpoint.AbsoluteUri;
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await error);
    }

    private static string Metadata(string key) =>
        typeof(MistakesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
