using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Bench;

/// <summary><c>dorch operator</c> as a process.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private readonly Process process;

    private OperatorProcess(Process process, HttpClient http) => (this.process, Http) = (process, http);

    /// <summary>Its endpoints.</summary>
    public HttpClient Http { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>The processor time that it took.</summary>
    public TimeSpan ProcessorTime => process.TotalProcessorTime;

    /// <summary>Its resident memory, in bytes.</summary>
    public long Resident
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Its peak resident memory, in bytes.</summary>
    public long PeakResident
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="dorch">The command line of dorch.</param>
    /// <param name="kubeconfig">The cluster.</param>
    /// <param name="secretsManager">AWS.</param>
    /// <param name="options">More options.</param>
    public static async Task<OperatorProcess> Start(string[] dorch, string kubeconfig, Uri secretsManager, params string[] options)
    {
        var start = new ProcessStartInfo(dorch[0]) { UseShellExecute = false, RedirectStandardError = true };
        foreach (var argument in dorch[1..].Concat(["operator", "--kubeconfig", kubeconfig, "--listen", "127.0.0.1:0", .. options]))
            start.ArgumentList.Add(argument);
        start.Environment["AWS_ENDPOINT_URL"] = secretsManager.ToString();
        start.Environment["AWS_ACCESS_KEY_ID"] = start.Environment["AWS_SECRET_ACCESS_KEY"] = "bench";
        start.Environment["AWS_REGION"] = "us-east-1";
        var started = Process.Start(start)!;
        // The first line of its log has its address; the rest is read so that the process never blocks.
        var line = JsonNode.Parse((await started.StandardError.ReadLineAsync())!)!;
        _ = Task.Run(() => started.StandardError.BaseStream.CopyToAsync(Stream.Null));
        return new(started, new() { BaseAddress = new((string)line["State"]!["Address"]!), Timeout = TimeSpan.FromSeconds(30) });
    }

    /// <summary>Ends when it is ready to work.</summary>
    public async Task WhenReady()
    {
        while (true)
        {
            using var answer = await Http.GetAsync(new Uri("/readyz", UriKind.Relative));
            if (answer.IsSuccessStatusCode)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
