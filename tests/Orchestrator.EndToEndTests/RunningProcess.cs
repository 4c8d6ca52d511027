using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>A process that a test starts, owns and ends by its id. Its output is kept line by line.</summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly ConcurrentDictionary<TaskCompletionSource<string>, Func<string, bool>> waiting = new();
    private readonly Task reading;
    private bool isDisposed;

    private RunningProcess(Process process)
    {
        this.process = process;
        reading = Task.WhenAll(Read(process.StandardOutput, output), Read(process.StandardError, errors));
    }

    /// <summary>Its process id.</summary>
    public int Id => process.Id;

    /// <summary>Its standard output so far.</summary>
    public string Output => Text(output);

    /// <summary>Its standard error so far.</summary>
    public string Errors => Text(errors);

    /// <summary>Starts a command without standard input. Its environment is that of the tests, without AWS's variables, plus these.</summary>
    public static RunningProcess Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        var started = Process.Start(start)!;
        started.StandardInput.Close();
        return new(started);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Ended> Run(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var running = Start(command, environment);
        return await running.End();
    }

    /// <summary>Waits for the first line that matches, already printed or not. Fails when the process ends without it.</summary>
    public async Task<string> Line(Func<string, bool> isWanted)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[found] = isWanted;
        foreach (var line in (Output + Errors).Split('\n').Where(isWanted).Take(1))
            found.TrySetResult(line);
        var first = await Task.WhenAny(found.Task, reading).WaitAsync(TestContext.Current.CancellationToken);
        return first == found.Task || found.Task.IsCompleted
            ? await found.Task
            : throw new InvalidOperationException($"the process ended without the line.\nstdout:\n{Output}\nstderr:\n{Errors}");
    }

    /// <summary>Waits until the process ends by itself.</summary>
    public async Task<Ended> End()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await reading;
        return new(process.ExitCode, Output, Errors);
    }

    /// <summary>Sends Ctrl-C and waits for the end.</summary>
    public Task<Ended> Interrupt()
    {
        Send(Signal.Interrupt);
        return End();
    }

    /// <summary>Sends a signal.</summary>
    public void Send(Signal signal) => Assert.Equal(0, Kill(process.Id, (int)signal));

    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        await reading;
        process.Dispose();
    }

    private async Task Read(StreamReader reader, StringBuilder text)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (text)
                text.Append(line).Append('\n');
            foreach (var (found, isWanted) in waiting)
            {
                if (isWanted(line))
                    found.TrySetResult(line);
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}

/// <summary>A signal, by its number on Linux.</summary>
internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">All of its standard output.</param>
/// <param name="Errors">All of its standard error.</param>
internal sealed record Ended(int ExitCode, string Output, string Errors)
{
    /// <summary>Asserts the exit code; the failure shows the output.</summary>
    public Ended Exited(int expected)
    {
        Assert.True(ExitCode == expected, $"exit code {ExitCode}, not {expected}\nstdout:\n{Output}\nstderr:\n{Errors}");
        return this;
    }
}
