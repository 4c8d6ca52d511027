using System.Text.Json.Nodes;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Cli.Commands;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Transcripts;

/// <summary>Runs the commands of one transcript as in its folder, with a Secrets Manager of its own behind <c>--aws</c>.</summary>
internal sealed class TranscriptRun(Transcript played, SecretsManagerServer server)
{
    private readonly SecretsManagerOptions aws = EmbeddedAws.CommandLine(server.Endpoint) with { Region = "us-east-1" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Returns the exit code and all that was written, standard output and error in the order of their lines.</summary>
    public async Task<(int ExitCode, string Output)> Run(TranscriptCommand command)
    {
        if (command.Line.Split(' ', 3) is ["aws", var operation, var parameters])
        {
            var answer = await new AwsJsonClient(server.Endpoint).Call(operation, JsonNode.Parse(parameters));
            return (answer.Status == 200 ? 0 : 1, answer.Body);
        }

        if (command.Line.Split(' ') is ["dorch", .. var arguments])
            return await Process(arguments, command.ErrorsOnly);

        using var output = new StringWriter { NewLine = "\n" };
        using var both = TextWriter.Synchronized(output);
        var input = command.Input is { } file ? await File.ReadAllTextAsync(Path.Combine(played.Folder, file), Stop) : "";
        var run = await CommandLineRun.Of([.. command.Line.Split(' ').Select(Resolve)], input, aws, (command.ErrorsOnly ? TextWriter.Null : both, both));
        return (run.ExitCode, Relative(output.ToString()));
    }

    private async Task<(int ExitCode, string Output)> Process(string[] arguments, bool errorsOnly)
    {
        var home = Directory.CreateTempSubdirectory("dorch-home-");
        var start = DorchProcess.Start(home.FullName, server.Endpoint, arguments);
        start.WorkingDirectory = played.Folder;
        start.RedirectStandardInput = true;
        start.Environment["AWS_ACCESS_KEY_ID"] = start.Environment["AWS_SECRET_ACCESS_KEY"] = "local";
        start.Environment["NO_COLOR"] = "1";
        using var process = System.Diagnostics.Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);
        home.Delete(recursive: true);
        return (process.ExitCode, (errorsOnly ? "" : await output) + await error);
    }

    // The process keeps its working directory: other tests run in it at the same time.
    private string Resolve(string argument) =>
        argument == "." ? played.Folder : Path.Exists(Path.Combine(played.Folder, argument)) ? Path.Combine(played.Folder, argument) : argument;

    private string Relative(string output) => output
        .Replace(played.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
        .Replace(played.Folder, ".", StringComparison.Ordinal);
}
