using System.Collections.Concurrent;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>
/// The backoff of each Component after consecutive denials of the same spec. Each retry may generate values and discard them, and a right that was missing
/// for an hour is rarely granted within five minutes. A new spec starts over. A restart loses it, which costs one retry each.
/// </summary>
internal sealed class DeniedBackoff
{
    /// <summary>The first delay.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    /// <summary>The longest delay.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<ObjectKey, (string Inputs, int Count)> denials = new();

    /// <summary>Records a denial.</summary>
    /// <param name="key">The Component.</param>
    /// <param name="inputs">The inputs of the handler's call.</param>
    /// <returns>How long to wait.</returns>
    public TimeSpan Next(ObjectKey key, string inputs)
    {
        var earlier = denials.TryGetValue(key, out var last) && last.Inputs == inputs ? last.Count : 0;
        denials[key] = (inputs, earlier + 1);
        return ExponentialBackoff.Delay(earlier, First, Longest);
    }

    /// <summary>Drops the record: another answer came, or the Component is gone.</summary>
    public void Forget(ObjectKey key) => denials.TryRemove(key, out _);
}
