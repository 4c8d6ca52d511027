namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>An operator that has nothing to do.</summary>
internal static class Quiet
{
    /// <summary>Ends when its queues are empty and everything that it had to tell is written.</summary>
    public static Task Comes(OperatorProcess process)
    {
        var last = (Calls: -1L, Aws: -1L);
        return Eventually.Holds(
            async () =>
            {
                // The Lease is renewed every two seconds, so half of the looks find no call since the one before.
                var now = (await process.Count("dorch_kubernetes_calls_total"), await process.AwsCalls());
                var isQuiet = now == last && await process.Count("dorch_queue_length") == 0;
                last = now;
                return isQuiet;
            },
            "an operator with nothing to do");
    }
}
