using System.Text.Json.Nodes;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Cli.Commands;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Field;

/// <summary>Runs the commands of one case as in its folder, with a Secrets Manager of its own behind <c>--aws</c>.</summary>
internal sealed class FieldRun(FieldCase played, SecretsManagerServer server)
{
    private readonly SecretsManagerOptions aws =
        new() { Endpoint = server.Endpoint, Region = "us-east-1", Credentials = AwsCredentialsSource.AccessKey("local", "local") };

    /// <summary>Returns the exit code and all that was written, standard output and error in the order of their lines.</summary>
    public async Task<(int ExitCode, string Output)> Run(FieldCommand command)
    {
        if (command.Line.Split(' ', 3) is ["aws", var operation, var parameters])
        {
            var answer = await new AwsJsonClient(server.Endpoint).Call(operation, JsonNode.Parse(parameters));
            return (answer.Status == 200 ? 0 : 1, answer.Body);
        }

        using var output = new StringWriter { NewLine = "\n" };
        using var both = TextWriter.Synchronized(output);
        var input = command.Input is { } file ? await File.ReadAllTextAsync(Path.Combine(played.Folder, file), TestContext.Current.CancellationToken) : "";
        var run = await CommandLineRun.Of([.. command.Line.Split(' ').Select(Resolve)], input, aws, (both, both));
        return (run.ExitCode, Relative(output.ToString()));
    }

    // The process keeps its working directory: other tests run in it at the same time.
    private string Resolve(string argument) =>
        argument == "." ? played.Folder : Path.Exists(Path.Combine(played.Folder, argument)) ? Path.Combine(played.Folder, argument) : argument;

    private string Relative(string output) => output
        .Replace(played.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
        .Replace(played.Folder, ".", StringComparison.Ordinal);
}
