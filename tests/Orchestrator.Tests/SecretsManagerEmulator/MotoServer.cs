using System.Diagnostics;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

/// <summary>A moto_server on a free loopback port, if it is on PATH; it ends with the tests that share it.</summary>
public sealed class MotoServer : IAsyncLifetime
{
    private const string Program = "moto_server";
    private const string Ready = "Running on ";
    private Process? process;
    private Task reading = Task.CompletedTask;

    /// <summary>Its address; null if it is not on PATH.</summary>
    public Uri? Endpoint { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!Array.Exists(folders, folder => File.Exists(Path.Combine(folder, Program))))
            return;
        process = Process.Start(new ProcessStartInfo(Program, ["-H", "127.0.0.1", "-p", "0"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        reading = Task.WhenAll(Read(process.StandardOutput, address), Read(process.StandardError, address));
        var first = await Task.WhenAny(address.Task, reading).WaitAsync(TestContext.Current.CancellationToken);
        Endpoint = first == address.Task
            ? new Uri(await address.Task)
            : throw new InvalidOperationException($"{Program} ended before it listened");
    }

    public async ValueTask DisposeAsync()
    {
        if (process is null)
            return;
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        await reading;
        process.Dispose();
    }

    /// <summary>Reads all output, so that the server never blocks; reports its address once it listens.</summary>
    private static async Task Read(StreamReader output, TaskCompletionSource<string> address)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            var start = line.IndexOf(Ready, StringComparison.Ordinal);
            if (start >= 0)
                address.TrySetResult(line[(start + Ready.Length)..].Trim());
        }
    }
}
