using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>When a timeout of a spec is over. Pure.</summary>
/// <param name="Since">When it began.</param>
/// <param name="Timeout">How long it lasts.</param>
internal sealed record Deadline(DateTimeOffset Since, TimeSpan Timeout)
{
    /// <summary>Both timeouts where the spec names none, or nothing that is a duration.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);

    /// <summary>The timeout as a Go duration.</summary>
    public string TimeoutText => GoDuration.ToText(Timeout);

    /// <summary>The deadline of a timeout as the spec has it.</summary>
    public static Deadline Of(DateTimeOffset since, string? timeout) => new(since, GoDuration.TryParse(timeout, out var parsed) ? parsed : DefaultTimeout);

    /// <summary>When it is over. A status may have any time in it, the last that there is included.</summary>
    public DateTimeOffset At => DateTimeOffset.MaxValue - Since > Timeout ? Since + Timeout : DateTimeOffset.MaxValue;

    /// <summary>Whether it has passed.</summary>
    public bool IsPast(DateTimeOffset now) => Left(now) <= TimeSpan.Zero;

    /// <summary>How long it is until then; not positive once it has passed.</summary>
    public TimeSpan Left(DateTimeOffset now) => Timeout - (now - Since);
}
