using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The <see cref="SecretGate"/> lets nobody through.</summary>
internal abstract class SecretGateException(string message) : Exception(message)
{
    /// <summary>What it means for a Component.</summary>
    public abstract HandlerAnswer Answer { get; }
}

/// <summary>SecretPolicies deny a secret.</summary>
/// <param name="problems">Why, with paths in the config, the nearest first.</param>
internal sealed class SecretDeniedException(IReadOnlyList<Problem> problems) : SecretGateException(problems[0].ToString())
{
    public override HandlerAnswer Answer => new HandlerAnswer.Failed(FailureKind.Denied, problems);
}

/// <summary>The Namespace whose labels decide was not seen yet.</summary>
/// <param name="name">Its name.</param>
internal sealed class NamespaceUnseenException(string name)
    : SecretGateException($"waiting to see the Namespace {name}, whose labels decide which SecretPolicies hold")
{
    public override HandlerAnswer Answer => new HandlerAnswer.InProgress(SecretDecision.LookAgain) { Message = Message };
}

/// <summary>The policies changed in the middle of a call: what was decided under the former ones is decided again.</summary>
internal sealed class PoliciesChangedException() : SecretGateException("the SecretPolicies changed meanwhile; starting over")
{
    public override HandlerAnswer Answer => new HandlerAnswer.Failed(FailureKind.Transient, Message);
}
