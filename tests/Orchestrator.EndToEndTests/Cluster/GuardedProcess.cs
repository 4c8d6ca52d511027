using System.Diagnostics;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>A program that never outlives the tests, however they end; its output goes to a file.</summary>
internal sealed class GuardedProcess : IAsyncDisposable
{
    // The shell reads from a pipe whose other end only the test host holds: when the host ends, the shell kills the program by its id.
    private const string Guard = """
        exec 3<&0 >>"$1" 2>&1
        shift
        "$@" 3<&- </dev/null &
        program=$!
        { read -r _ <&3; kill -KILL "$program"; } &
        guard=$!
        wait "$program"
        code=$?
        kill "$guard"
        exit "$code"
        """;

    private readonly Process shell;
    private readonly string log;
    private bool isDisposed;

    private GuardedProcess(Process shell, string log) => (this.shell, this.log) = (shell, log);

    /// <summary>Starts a program; its output is appended to the log.</summary>
    public static GuardedProcess Start(string log, string program, params string[] arguments) =>
        new(Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Guard, "guard", log, program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        })!, log);

    /// <summary>Waits until a condition holds; fails with the end of the log if the program ends before, or after two minutes.</summary>
    public async Task Until(Func<CancellationToken, Task<bool>> isSo, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            while (!await isSo(limit.Token))
            {
                if (shell.HasExited)
                    throw new InvalidOperationException($"the program ended with exit code {shell.ExitCode}; {log} ends in:\n{Tail()}");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
            }
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new InvalidOperationException($"it was not ready after two minutes; {log} ends in:\n{Tail()}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        shell.StandardInput.Close();
        await shell.WaitForExitAsync(CancellationToken.None);
        shell.Dispose();
    }

    private string Tail() => string.Join('\n', File.ReadLines(log).TakeLast(30));
}
