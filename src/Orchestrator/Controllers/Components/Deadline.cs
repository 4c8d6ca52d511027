using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>When a timeout of a spec expires. Pure.</summary>
/// <param name="Since">When it began.</param>
/// <param name="Timeout">How long it lasts.</param>
internal sealed record Deadline(DateTimeOffset Since, TimeSpan Timeout)
{
    /// <summary>Both timeouts if the spec has none, or one that is not a duration.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);

    /// <summary>The timeout as a Go duration.</summary>
    public string TimeoutText => GoDuration.ToText(Timeout);

    /// <summary>The deadline of a timeout as written in the spec.</summary>
    public static Deadline Of(DateTimeOffset since, string? timeout) => new(since, GoDuration.TryParse(timeout, out var parsed) ? parsed : DefaultTimeout);

    /// <summary>When it expires. A status may hold any time, even the greatest one.</summary>
    public DateTimeOffset At => DateTimeOffset.MaxValue - Since > Timeout ? Since + Timeout : DateTimeOffset.MaxValue;

    /// <summary>Whether it has expired.</summary>
    public bool IsPast(DateTimeOffset now) => Left(now) <= TimeSpan.Zero;

    /// <summary>The time until it expires; zero or negative once it has.</summary>
    public TimeSpan Left(DateTimeOffset now) => Timeout - (now - Since);
}
