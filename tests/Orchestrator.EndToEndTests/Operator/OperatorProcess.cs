using System.Globalization;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>One replica of <c>dorch operator</c>.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private readonly RunningProcess process;
    private readonly HttpClient http;

    private OperatorProcess(RunningProcess process, Uri address)
    {
        this.process = process;
        http = new() { BaseAddress = address };
    }

    /// <summary>Its process id.</summary>
    public int Id => process.Id;

    /// <summary>Its log so far: one JSON object a line.</summary>
    public string Log => process.Errors;

    /// <summary>Starts one; ends when it logs the address of its health and metrics.</summary>
    public static async Task<OperatorProcess> Start(string kubeconfig, IReadOnlyDictionary<string, string> environment, params string[] options)
    {
        var started = RunningProcess.Start(
            [
                .. Repository.Dorch, "operator", "--kubeconfig", kubeconfig, "--listen", "127.0.0.1:0", "--lease-namespace", Installation.Namespace, .. options,
            ],
            environment);
        try
        {
            var line = await started.Line(l => l.Contains("\"Address\":", StringComparison.Ordinal));
            return new(started, new((string)JsonNode.Parse(line)!["State"]!["Address"]!));
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for a log line with this text, already written or not.</summary>
    public Task<string> Logged(string text) => process.Line(l => l.Contains(text, StringComparison.Ordinal));

    /// <summary>Ends when it holds the Lease.</summary>
    public Task Leads() => Logged(" leads: it holds the Lease");

    /// <summary>Its answer at <c>/readyz</c>, and whether that is 200.</summary>
    public async Task<(bool IsReady, string Text)> Readiness()
    {
        using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
        return (answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Whether <c>/healthz</c> is 200.</summary>
    public async Task<bool> IsHealthy()
    {
        using var answer = await http.GetAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>The text at <c>/metrics</c>.</summary>
    public Task<string> Metrics() => http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>The sum of a metric's values in the lines that have one of these labels, such as <c>method="PUT"</c>; of all lines without any.</summary>
    public async Task<long> Count(string metric, params string[] labels) => (await Metrics()).Split('\n')
        .Where(line => line.StartsWith(metric, StringComparison.Ordinal) && (labels.Length == 0 || labels.Any(l => line.Contains(l, StringComparison.Ordinal))))
        .Sum(line => (long)double.Parse(line.Split('}')[1].Trim().Split(' ')[0], CultureInfo.InvariantCulture));

    /// <summary>The number of writing calls to the API server.</summary>
    public Task<long> Writes() => Count("dorch_kubernetes_calls_total", "method=\"POST\"", "method=\"PUT\"", "method=\"PATCH\"", "method=\"DELETE\"");

    /// <summary>The number of calls to AWS.</summary>
    public Task<long> AwsCalls() => Count("dorch_aws_calls_total");

    /// <summary>Sends a signal, without waiting.</summary>
    public void Send(Signal signal) => process.Send(signal);

    /// <summary>Ends it as Kubernetes does: it finishes its work, releases the Lease, and exits with 0.</summary>
    public async Task Stop()
    {
        process.Send(Signal.Terminate);
        (await process.End()).Exited(0);
    }

    /// <summary>Kills it, as the loss of a node does.</summary>
    public async Task Kill()
    {
        process.Send(Signal.Kill);
        await process.End();
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await process.DisposeAsync();
    }
}
