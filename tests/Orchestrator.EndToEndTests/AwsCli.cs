using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>
/// The AWS CLI, one command after another in one process: a start takes a second, a command some 50 ms. It must be a CLI that Python can import, such
/// as version 1.
/// </summary>
internal sealed class AwsCli : IAsyncDisposable
{
    private const string Python = "python3";

    /// <summary>Runs the CLI's own entry point on each line of standard input, a JSON list of arguments.</summary>
    private const string Loop = """
        import contextlib, io, json, sys
        from awscli.clidriver import create_clidriver
        cli, answers = create_clidriver(), sys.stdout
        for line in sys.stdin:
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                try:
                    code = cli.main(json.loads(line))
                except SystemExit as e:
                    code = e.code
            print(json.dumps([code, out.getvalue(), err.getvalue()]), file=answers, flush=True)
        """;

    private readonly Process process;
    private readonly Task<string> errors;

    private AwsCli(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Whether it can be run like this.</summary>
    public static async Task<bool> IsThere() =>
        Tools.Has("aws") && Tools.Has(Python) && (await RunningProcess.Run([Python, "-c", "import awscli.clidriver"])).ExitCode == 0;

    /// <summary>Starts it with these AWS variables and no others.</summary>
    public static AwsCli Start(IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Python, ["-c", Loop])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>One command: <c>secretsmanager</c>, <c>list-secrets</c> and so on.</summary>
    public async Task<Ended> Run(IEnumerable<string> arguments)
    {
        var line = new JsonArray([.. arguments.Select(argument => (JsonNode?)argument)]).ToJsonString();
        await process.StandardInput.WriteLineAsync(line.AsMemory(), TestContext.Current.CancellationToken);
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        var answer = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException($"the AWS CLI ended:\n{await errors}");
        using var ended = JsonDocument.Parse(answer);
        var parts = ended.RootElement;
        return new(parts[0].GetInt32(), parts[1].GetString()!, parts[2].GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        await errors;
        process.Dispose();
    }
}
