using System.Collections.Concurrent;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>
/// How long each Component waits after denials in a row of one and the same spec: every try may generate values that nobody gets to see, and a right that is
/// missing for an hour is not granted within the next five minutes. Another spec starts over. Lost at a restart, which costs one try each.
/// </summary>
internal sealed class DeniedBackoff
{
    /// <summary>The first delay.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    /// <summary>The longest delay.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<ObjectKey, (string Inputs, int Count)> denials = new();

    /// <summary>Notes a denial.</summary>
    /// <param name="key">The Component.</param>
    /// <param name="inputs">What its handler was called for.</param>
    /// <returns>How long to wait.</returns>
    public TimeSpan Next(ObjectKey key, string inputs)
    {
        var earlier = denials.TryGetValue(key, out var last) && last.Inputs == inputs ? last.Count : 0;
        denials[key] = (inputs, earlier + 1);
        return ExponentialBackoff.Delay(earlier, First, Longest);
    }

    /// <summary>Another answer came, or the Component is gone.</summary>
    public void Forget(ObjectKey key) => denials.TryRemove(key, out _);
}
