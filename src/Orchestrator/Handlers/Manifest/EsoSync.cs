using System.Globalization;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// Whether External Secrets Operator has synced the current state of an object. Its Ready condition has no generation and stays True from before an edit,
/// even while that operator is stopped. <c>status.syncedResourceVersion</c> is <c>generation-hash</c>.
/// </summary>
/// <remarks>
/// Source: shouldRefresh in pkg/controllers/externalsecret of external-secrets/external-secrets: an ExternalSecret with CreatedOnce, or with a refresh interval
/// of 0 and no other policy, is never synced again, so for it any sync counts.
/// </remarks>
internal static class EsoSync
{
    /// <summary>The readiness of the object.</summary>
    public static Readiness Of(ResourceView view)
    {
        var synced = view.Text("status", "syncedResourceVersion") ?? "";
        var generation = view.Number("metadata", "generation");
        if (synced.Length == 0)
            return Readiness.InProgress("is not synced yet");
        if (generation is null || IsSyncedOnce(view) || synced.Split('-')[0] == generation.Value.ToString(CultureInfo.InvariantCulture))
            return Readiness.Current;
        return Readiness.InProgress($"generation {generation} is not synced yet, {synced.Split('-')[0]} is");
    }

    private static bool IsSyncedOnce(ResourceView view) =>
        view.Text("kind") == "ExternalSecret" && view.Text("spec", "refreshPolicy") switch
        {
            "CreatedOnce" => true,
            null or "" or "Periodic" => IsZero(view.Text("spec", "refreshInterval")),
            _ => false,
        };

    // A Go duration whose digits are all zero, with any units: 0, 0s, 0h0m0s.
    private static bool IsZero(string? interval) => interval is { Length: > 0 } && interval.Contains('0') && !interval.Any(c => c is >= '1' and <= '9');
}
