using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>The result of a call to a handler: <see cref="Done"/>, <see cref="InProgress"/> or <see cref="Failed"/>.</summary>
public abstract record HandlerAnswer
{
    private protected HandlerAnswer()
    {
    }

    /// <summary>The outputs; null keeps the last ones.</summary>
    public JsonObject? ProviderStatus { get; init; }

    /// <summary>The handler's own state, stored as <c>status.applied</c>; null keeps what is stored.</summary>
    public JsonObject? Applied { get; init; }

    /// <summary>
    /// The handler's own conditions. The controller sets Ready, the times, and the generation where a condition has none. A <see cref="Done"/> replaces all
    /// conditions of the last answer; another answer without conditions keeps them.
    /// </summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>One sentence, without times, request ids or anything else that changes while the state does not.</summary>
    public string? Message { get; init; }

    /// <summary>What happened in this call, once each.</summary>
    public IReadOnlyList<HandlerEvent> Events { get; init; } = [];

    /// <summary>Resources to watch: the handler is called again when one of them changes.</summary>
    public IReadOnlyList<WatchedResource> Watches { get; init; } = [];

    /// <summary>What the next call finds as <see cref="HandlerRequest.Memo"/>: kept in this process only, and lost when it ends.</summary>
    public object? Memo { get; init; }

    /// <summary>The desired state is reached. For a deletion: everything the handler created is gone.</summary>
    /// <param name="RecheckAfter">When to call the handler again; null for never.</param>
    public sealed record Done(TimeSpan? RecheckAfter = null) : HandlerAnswer;

    /// <summary>The desired state is not reached yet.</summary>
    /// <param name="RecheckAfter">When to call the handler again.</param>
    public sealed record InProgress(TimeSpan RecheckAfter) : HandlerAnswer;

    /// <summary>The call failed.</summary>
    /// <param name="Kind">Who has to do what before a retry can succeed.</param>
    /// <param name="Problems">Everything that is wrong, with its path where it is in the config.</param>
    public sealed record Failed(FailureKind Kind, IReadOnlyList<Problem> Problems) : HandlerAnswer
    {
        /// <summary>One problem without a path in the config.</summary>
        public Failed(FailureKind kind, string message)
            : this(kind, [new Problem("", message)])
        {
        }

        /// <summary>When to retry, if sooner than the kind's own backoff.</summary>
        public TimeSpan? RecheckAfter { get; init; }

        /// <summary>Whether a retry is costly, such as one that generates values and discards them: its backoff grows, as after a denial.</summary>
        internal bool IsCostly { get; init; }
    }
}
