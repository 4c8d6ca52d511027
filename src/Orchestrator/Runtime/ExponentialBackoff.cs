namespace DeploymentOrchestrator.Runtime;

/// <summary>Delays that double.</summary>
internal static class ExponentialBackoff
{
    /// <summary>The delay after this many earlier failures: the first one for none, doubling, never over the longest.</summary>
    public static TimeSpan Delay(int earlierFailures, TimeSpan first, TimeSpan longest) =>
        earlierFailures >= 32 || first * (1L << earlierFailures) > longest ? longest : first * (1L << earlierFailures);
}
