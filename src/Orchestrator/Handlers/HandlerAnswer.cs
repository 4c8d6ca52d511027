using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>What came of a call: <see cref="Done"/>, <see cref="InProgress"/> or <see cref="Failed"/>.</summary>
public abstract record HandlerAnswer
{
    private protected HandlerAnswer()
    {
    }

    /// <summary>The outputs; null leaves the last ones.</summary>
    public JsonObject? ProviderStatus { get; init; }

    /// <summary>The handler's memory; null leaves the last one.</summary>
    public JsonObject? Applied { get; init; }

    /// <summary>
    /// The handler's own conditions (not Ready, which the controller sets); times are the controller's, and so is the generation where none is named.
    /// Those of the last answer that are not here go; of an answer that is not <see cref="Done"/> and has none, all stay as they were.
    /// </summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>One sentence; no time, no request id, nothing that changes while the state does not.</summary>
    public string? Message { get; init; }

    /// <summary>What happened in this call, once each.</summary>
    public IReadOnlyList<HandlerEvent> Events { get; init; } = [];

    /// <summary>Resources whose changes the handler wants to be called for.</summary>
    public IReadOnlyList<WatchedResource> Watches { get; init; } = [];

    /// <summary>What the handler wants to find at its next call: kept in the process alone, and lost with it.</summary>
    public object? Memo { get; init; }

    /// <summary>The desired state is reached. For a deletion: nothing of ours is left.</summary>
    /// <param name="RecheckAfter">When to look again; null never.</param>
    public sealed record Done(TimeSpan? RecheckAfter = null) : HandlerAnswer;

    /// <summary>The desired state is not reached yet.</summary>
    /// <param name="RecheckAfter">When to look again.</param>
    public sealed record InProgress(TimeSpan RecheckAfter) : HandlerAnswer;

    /// <summary>It did not work.</summary>
    /// <param name="Kind">Who has to do what before it can.</param>
    /// <param name="Problems">Everything that is wrong; a path where it lies in the config.</param>
    public sealed record Failed(FailureKind Kind, IReadOnlyList<Problem> Problems) : HandlerAnswer
    {
        /// <summary>One problem that lies at no path of the config.</summary>
        public Failed(FailureKind kind, string message)
            : this(kind, [new Problem("", message)])
        {
        }

        /// <summary>When to try again, where that is sooner than the kind's pace.</summary>
        public TimeSpan? RecheckAfter { get; init; }

        /// <summary>A try costs more than a look, such as values that nobody gets to see: it is made ever less often, as after a denial.</summary>
        internal bool IsCostly { get; init; }
    }
}
