using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.Runtime;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// The only access of secret-push to AWS: it opens a client for what the SecretPolicies of a Component's namespace allow, whether the config or the state
/// names it, and one for GetCallerIdentity alone where they ask for the account. A call may wait long for a quota: each try checks again, and is sent only
/// under the policies of its decision.
/// </summary>
/// <param name="clients">AWS.</param>
/// <param name="policies">The policies; null without walls.</param>
/// <param name="component">The Component.</param>
internal sealed class SecretGate(ISecretsManagers clients, IPolicySource? policies, Component component)
{
    // Throws if the policies would now decide differently.
    private Action unchanged = () => { };

    private string Namespace => component.Metadata.Namespace ?? "";

    /// <summary>The namespaces whose abandoned secrets a Component's config allows it to inherit; none until its Namespace was seen.</summary>
    public static IEnumerable<string> TakeOverFrom(IPolicySource policies, Component successor) =>
        policies.Of(successor.Metadata.Namespace ?? "")?.TakeOverFrom(WrittenRequest.Of(successor.Spec.Config ?? [])) ?? [];

    /// <summary>The region of a config without one.</summary>
    public string? DefaultRegion => clients.DefaultRegion;

    /// <summary>How long this process has been calling.</summary>
    public TimeSpan Age => clients.Age;

    /// <summary>The client for the secret of a config, and the config with the policies' values.</summary>
    /// <param name="config">The config.</param>
    /// <param name="resolved">The same as JSON, which shows which keys are not set.</param>
    /// <param name="cancellation">Cancels the call for the account, if that decides.</param>
    /// <exception cref="SecretDeniedException">No policy allows it.</exception>
    /// <exception cref="NamespaceUnseenException">The policies are not known yet.</exception>
    /// <exception cref="SecretsManagerException">The account decides, and AWS does not return it.</exception>
    public async Task<(ISecretsManager Client, SecretPushConfig Config)> Open(SecretPushConfig config, JsonObject resolved, CancellationToken cancellation)
    {
        if (policies is null)
            return (Client(config.Region, config.RoleArn, config.ExternalId), config);
        var asked = config.ToRequest(resolved);
        string? account = null;
        var verdict = Policies(policies).Judge(asked);
        if (verdict is PolicyVerdict.AskAccount)
        {
            account = await Client(config.Region, null, null).GetCallerAccount(cancellation);
            verdict = Policies(policies).Judge(asked, account);
        }

        var allowed = Allowed(verdict);
        unchanged = () => Same(allowed, Policies(policies).Judge(asked, account));
        config = config.With(allowed.Request);
        return (Client(config.Region, config.RoleArn, config.ExternalId).Checked(Check(unchanged)), config);
    }

    /// <summary>The client for a secret in the state.</summary>
    /// <exception cref="SecretDeniedException">No policy allows access to it.</exception>
    /// <exception cref="NamespaceUnseenException">The policies are not known yet.</exception>
    public ISecretsManager Open(SecretTarget target)
    {
        if (policies is null)
            return Client(target.Region, target.RoleArn, target.ExternalId);
        var asked = new SecretRequest { SecretName = target.Name, Region = target.Region, RoleArn = target.RoleArn, ExternalId = target.ExternalId };
        var allowed = Allowed(Policies(policies).JudgeTarget(asked));
        return Client(target.Region, target.RoleArn, allowed.Request.ExternalId).Checked(Check(() =>
        {
            unchanged();
            Same(allowed, Policies(policies).JudgeTarget(asked));
        }));
    }

    /// <summary>
    /// The inputs of a deletion: the config with the policies' values, null if it is invalid or not allowed; and the terms, which retain a secret that a
    /// policy retains.
    /// </summary>
    /// <exception cref="NamespaceUnseenException">The policies are not known yet.</exception>
    public (SecretPushConfig? Config, DeletionTerms Terms) Deletion(SecretPushConfig? config, JsonObject resolved, SecretState state)
    {
        var deletion = Judged();
        unchanged = () =>
        {
            if (Judged().Terms != deletion.Terms)
                throw new PoliciesChangedException();
        };
        return deletion;

        (SecretPushConfig? Config, DeletionTerms Terms) Judged()
        {
            var rules = policies is null ? null : Policies(policies);
            var filled = config is null || rules is null ? config : rules.Judge(config.ToRequest(resolved)) switch
            {
                PolicyVerdict.Allowed { Request: var request } => config.With(request),
                PolicyVerdict.AskAccount => config,
                _ => null,
            };
            var terms = DeletionTerms.Of(resolved, filled ?? config, state.DeletionPolicy, state.RecoveryWindowInDays);
            return (filled, rules?.KeepsSecrets(JsonText.NotEmpty(resolved, SecretKeys.DeletionPolicy) is not null) == true
                ? terms with { Policy = DeletionPolicy.Retain } : terms);
        }
    }

    // The role session carries the namespace, so that IAM can enforce a second wall.
    private ISecretsManager Client(string? region, string? roleArn, string? externalId) =>
        clients.For(region, roleArn, externalId, policies is null ? null : Namespace);

    private NamespacePolicies Policies(IPolicySource source) => source.Of(Namespace) ?? throw new NamespaceUnseenException(Namespace);

    private static Action<bool> Check(Action isUnchanged) => wasSent =>
    {
        try
        {
            isUnchanged();
        }
        catch (SecretGateException e) when (wasSent)
        {
            e.WasSent = true;
            throw;
        }
    };

    private static void Same(PolicyVerdict.Allowed before, PolicyVerdict now)
    {
        if (!Allowed(now).IsSameAs(before))
            throw new PoliciesChangedException();
    }

    private static PolicyVerdict.Allowed Allowed(PolicyVerdict verdict)
    {
        if (verdict is PolicyVerdict.Allowed allowed)
            return allowed;
        var denials = ((PolicyVerdict.Denied)verdict).Denials;
        foreach (var denial in denials)
        {
            foreach (var policy in denial.Policies.DefaultIfEmpty(""))
                Telemetry.PolicyDenied(policy, denial.Rule);
        }

        throw new SecretDeniedException([.. denials.Select(d => d.ToProblem())]);
    }
}

/// <summary>The <see cref="SecretGate"/> refuses access.</summary>
internal abstract class SecretGateException(string message) : Exception(message)
{
    /// <summary>What it means for a Component.</summary>
    public abstract HandlerAnswer Answer { get; }

    /// <summary>Whether an earlier try of the call was sent, whose outcome is unknown.</summary>
    public bool WasSent { get; set; }
}

/// <summary>SecretPolicies deny a secret.</summary>
/// <param name="problems">Why, with paths in the config, the nearest first.</param>
internal sealed class SecretDeniedException(IReadOnlyList<Problem> problems) : SecretGateException(problems[0].ToString())
{
    public override HandlerAnswer Answer => new HandlerAnswer.Failed(FailureKind.Denied, problems);
}

/// <summary>The Namespace, whose labels select the policies, was not seen yet.</summary>
/// <param name="name">Its name.</param>
internal sealed class NamespaceUnseenException(string name)
    : SecretGateException($"waiting for the Namespace {name}, whose labels decide which SecretPolicies apply")
{
    public override HandlerAnswer Answer => new HandlerAnswer.InProgress(SecretDecision.RecheckInterval) { Message = Message };
}

/// <summary>The policies changed during a call: decide again under the new ones.</summary>
internal sealed class PoliciesChangedException() : SecretGateException("the SecretPolicies changed meanwhile; starting over")
{
    public override HandlerAnswer Answer => new HandlerAnswer.Failed(FailureKind.Transient, Message);
}
