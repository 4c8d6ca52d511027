using System.Text.Json.Nodes;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Cli.Commands;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Transcripts;

/// <summary>Runs the commands of one transcript as if in its folder; <c>--aws</c> reaches a Secrets Manager of the transcript's own.</summary>
internal sealed class TranscriptRun(Transcript transcript, SecretsManagerServer server)
{
    private readonly SecretsManagerOptions aws = EmbeddedAws.CommandLine(server.Endpoint) with { Region = "us-east-1" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Returns the exit code and the output: standard output and standard error, line by line in the order written.</summary>
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
        var input = command.Input is { } file ? await File.ReadAllTextAsync(Path.Combine(transcript.Folder, file), Stop) : "";
        var run = await CommandLineRun.Of([.. command.Line.Split(' ').Select(Resolve)], input, aws, (command.ErrorsOnly ? TextWriter.Null : both, both));
        return (run.ExitCode, Relative(output.ToString()));
    }

    private async Task<(int ExitCode, string Output)> Process(string[] arguments, bool errorsOnly)
    {
        var home = Directory.CreateTempSubdirectory("dorch-home-");
        var start = DorchProcess.Start(home.FullName, server.Endpoint, arguments);
        start.WorkingDirectory = transcript.Folder;
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

    // The working directory stays: other tests run in the same process at the same time.
    private string Resolve(string argument) =>
        argument == "." ? transcript.Folder : Path.Exists(Path.Combine(transcript.Folder, argument)) ? Path.Combine(transcript.Folder, argument) : argument;

    private string Relative(string output) => output
        .Replace(transcript.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
        .Replace(transcript.Folder, ".", StringComparison.Ordinal);
}
