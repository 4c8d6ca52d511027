using System.Diagnostics;
using System.Globalization;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.SecretsManagerEmulator.Quotas;

namespace DeploymentOrchestrator.Bench;

/// <summary>A Secrets Manager with AWS's quotas in its own process, so that its memory and processor time do not count as ours.</summary>
internal sealed class SecretsManagerChild : IAsyncDisposable
{
    /// <summary>The argument that turns this program into that process.</summary>
    public const string Argument = "serve-secrets-manager";

    private readonly Process process;

    private SecretsManagerChild(Process process, Uri endpoint) => (this.process, Endpoint) = (process, endpoint);

    /// <summary>Its address.</summary>
    public Uri Endpoint { get; }

    /// <summary>Starts the process.</summary>
    public static async Task<SecretsManagerChild> Start()
    {
        var start =
            new ProcessStartInfo(Environment.ProcessPath!, Argument) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        var child = Process.Start(start)!;
        return new(child, new((await child.StandardOutput.ReadLineAsync())!));
    }

    /// <summary>Runs as that process: serves until its input ends, then prints how often each operation had each outcome.</summary>
    public static async Task<int> Serve()
    {
        await using var server = await SecretsManagerServer.StartAsync(new() { Quotas = RequestQuotas.Aws }, CancellationToken.None);
        Console.WriteLine(server.Endpoint);
        await Console.In.ReadToEndAsync();
        foreach (var group in server.Calls.Snapshot().GroupBy(call => (call.Operation, call.ErrorCode)))
            Console.WriteLine($"{group.Key.Operation} {group.Key.ErrorCode ?? "-"} {group.Count()}");
        return 0;
    }

    /// <summary>Ends the process and returns how often each operation had each outcome; null for success.</summary>
    public async Task<IReadOnlyDictionary<(string Operation, string? Error), int>> Stop()
    {
        process.StandardInput.Close();
        var lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        return lines.Select(line => line.Split(' ')).ToDictionary(
            word => (word[0], word[1] == "-" ? null : word[1]), word => int.Parse(word[2], CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }
}
