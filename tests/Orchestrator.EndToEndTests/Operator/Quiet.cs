namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>Waits until an operator is idle.</summary>
internal static class Quiet
{
    /// <summary>Ends when its queues are empty and all its statuses and Events are written.</summary>
    public static Task Comes(OperatorProcess process)
    {
        var last = (Calls: -1L, Aws: -1L);
        return Eventually.Holds(
            async () =>
            {
                // The Lease is renewed every two seconds, so half of the checks find no new call.
                var now = (await process.Count("dorch_kubernetes_calls_total"), await process.AwsCalls());
                var isQuiet = now == last && await process.Count("dorch_queue_length") == 0;
                last = now;
                return isQuiet;
            },
            "an operator with nothing to do");
    }
}
