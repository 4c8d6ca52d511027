using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// Lets AWS Secrets Manager generate passwords, joins them with static values and writes one flat JSON secret, once. Generated values live in cleared memory
/// for one call and are stored only in AWS; the handler cannot read a secret back.
/// </summary>
/// <remarks>
/// Observe, decide and execute, in a loop until nothing is left to do for now: <see cref="SecretObserver"/>, <see cref="SecretDecision"/> and <see
/// cref="ReleaseDecision"/>, <see cref="SecretExecutor"/>, <see cref="SecretStatus"/>.
/// </remarks>
/// <param name="clients">AWS.</param>
/// <param name="owners">The other Components, which may name the same secret.</param>
/// <param name="namespaces">Which Namespaces are terminating.</param>
/// <param name="policies">Which secrets a namespace may have; null if it may have all.</param>
/// <param name="decided">Receives each action before it is executed, for the log and the metrics or for a plan; null for none.</param>
internal sealed class SecretPushHandler(
    ISecretsManagers clients, OwnerDirectory owners, NamespaceDeletion namespaces, IPolicySource? policies = null,
    Action<ObjectKey, SecretTarget, SecretAction>? decided = null) : IComponentHandler
{
    // A run needs fewer actions. After this many, another client must be changing the secret at the same time.
    private const int MaxActions = 6;

    public string Name => HandlerNames.SecretPush;

    public ConfigSchema Schema => SecretPushSchema.Instance;

    public IReadOnlyList<Problem> Validate(JsonObject config) => SecretPushConfigReader.Validate(config);

    public async Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        if (SecretPushConfigReader.ReadResolved(request.Config, problems, request.Component.Spec.Config) is not { } config)
            return new HandlerAnswer.Failed(FailureKind.InvalidConfig, [.. problems.Where(p => !p.IsWarning)]);
        var state = SecretState.Read(request.Applied);
        if (state.Targets is [.., var last]
            && SecretPushConfigReader.EmptiedTarget(request.Config, last.Region, last.RoleArn, clients.DefaultRegion) is { } emptied)
            return new HandlerAnswer.Failed(FailureKind.InvalidConfig, [emptied]);
        if (RestoredObject.Is(request.Component.Metadata))
            config = config with { Recreate = Recreate.Restore };
        try
        {
            var gate = new SecretGate(clients, policies, request.Component);
            (var client, config) = await gate.Open(config, request.Config, cancellation);
            return await Push(client, gate, config, state, request, cancellation);
        }
        catch (Exception e) when (SecretFailure.Answer(e) is { } failure)
        {
            return failure;
        }
    }

    public async Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation)
    {
        // An invalid config blocks no deletion.
        var config = SecretPushConfigReader.ReadResolved(request.Config, new List<Problem>(), request.Component.Spec.Config);
        var state = SecretState.Read(request.Applied);
        var gate = new SecretGate(clients, policies, request.Component);
        DeletionTerms terms;
        try
        {
            (config, terms) = gate.Deletion(config, request.Config, state);
        }
        catch (NamespaceUnseenException e)
        {
            return e.Answer;
        }

        var observer = new SecretObserver(gate, owners, namespaces, Resolved(request));
        var events = new List<HandlerEvent>();
        foreach (var target in TargetsOf(config, state))
        {
            var obstacle = await Release(observer, observer.BeforeRelease(target, state, terms, keptArn: null), request, events, cancellation);
            if (obstacle is not null)
                return With(state, events, obstacle);
            state = state.Without(target);
        }

        return With(state, events, new HandlerAnswer.Done());
    }

    private async Task<HandlerAnswer> Push(
        ISecretsManager client, SecretGate gate, SecretPushConfig config, SecretState state, HandlerRequest request, CancellationToken cancellation)
    {
        var observer = new SecretObserver(gate, owners, namespaces, Resolved(request));
        var events = new List<HandlerEvent>();
        state = state.AtStart(config, client.Region);
        for (var i = 0; i < MaxActions; i++)
        {
            SecretObservation seen;
            SecretAction action;
            try
            {
                // Observe, and learn what the state did not know, such as a write whose answer was lost.
                seen = await observer.Observe(client, config, state, cancellation);
                state = seen.State;
                if (seen.Finished is { } finished)
                    events.Add(finished);

                // Decide. A new secret is a WriteValue with Creates.
                action = SecretDecision.Decide(seen);
                if (action is SecretAction.Ask)
                    action = SecretDecision.Decide(seen with { CallerAccount = await client.GetCallerAccount(cancellation) });
            }
            catch (Exception e) when (SecretFailure.Answer(e) is { } failure)
            {
                return With(state, events, failure);
            }

            // Execute, and observe again unless that was the last action for now.
            var outcome = await Execute(() => client, seen, state.Wanted, action, request, cancellation);
            state = outcome.State;
            events.AddRange(outcome.Events);
            if (outcome.Failure is { } refusal)
                return With(state, events, refusal);
            if (outcome.Final is not { } final)
                continue;

            HandlerAnswer.Failed? unreleased = null;
            if (final is not SecretAction.Wait)
                (state, unreleased) = await ReleaseFormer(final, state, config, observer, request, events, cancellation);
            state = state.AtEnd(final, seen);
            return With(state, events, new SecretStatus(seen, state, request.Component).Answer(final, unreleased, client.Clock.Now));
        }

        return With(state, events, new HandlerAnswer.InProgress(SecretDecision.RecheckInterval) { Message = ActionReason.Contended.Text });
    }

    private Task<Outcome> Execute(
        Func<ISecretsManager> open, Observation seen, SecretTarget target, SecretAction action, HandlerRequest request, CancellationToken cancellation)
    {
        decided?.Invoke(ObjectKey.Of(request.Component.Metadata), target, action);
        return new SecretExecutor(open, seen, (state, token) => request.Remember(state.ToJson(), token), cancellation).Execute(action);
    }

    // The resolved config: references determine which secret it names and may inherit.
    private static Component Resolved(HandlerRequest request) =>
        request.Component with { Spec = request.Component.Spec with { Config = request.Config } };

    private static HandlerAnswer With(SecretState state, List<HandlerEvent> events, HandlerAnswer answer) =>
        answer with { Applied = state.ToJson(), Events = [.. events, .. answer.Events] };

    // Releases the secrets that the Component named before. While another owner has the one that it names now, it releases only those that another Component
    // names, which deletes nothing: otherwise two Components that swap their names would wait for each other forever.
    private async Task<(SecretState State, HandlerAnswer.Failed? Failure)> ReleaseFormer(
        SecretAction final, SecretState state, SecretPushConfig config, SecretObserver observer, HandlerRequest request, List<HandlerEvent> events,
        CancellationToken cancellation)
    {
        var isInPlace = final is SecretAction.WriteValue or SecretAction.Keep;
        if (isInPlace)
            state = state.With(state.Wanted);
        HandlerAnswer.Failed? failure = null;
        foreach (var former in state.Without(state.Wanted).Targets)
        {
            var seen = observer.BeforeRelease(former, state, new(config.DeletionPolicy, config.RecoveryWindowInDays), state.Wanted.Arn);
            if (!isInPlace && seen.NamedBy is null)
                continue;
            var obstacle = await Release(observer, seen, request, events, cancellation);
            if (obstacle is null)
                state = state.Without(former);
            failure = obstacle as HandlerAnswer.Failed ?? failure;
        }

        return (state, failure);
    }

    // Observe, decide, execute. Returns the obstacle; null if the secret is released.
    private async Task<HandlerAnswer?> Release(
        SecretObserver observer, ReleaseObservation seen, HandlerRequest request, List<HandlerEvent> events, CancellationToken cancellation)
    {
        try
        {
            var action = ReleaseDecision.Decide(seen);
            while (action is SecretAction.Ask ask)
            {
                seen = await observer.Ask(seen, ask.Fact, cancellation);
                action = ReleaseDecision.Decide(seen);
            }

            var outcome = await Execute(() => observer.Client(seen.Target), seen, seen.Target, action, request, cancellation);
            events.AddRange(outcome.Events);
            return outcome.Failure ?? SecretStatus.Obstacle(outcome.Final);
        }
        catch (SecretDeniedException) when (ReleaseDecision.WasNeverMade(seen))
        {
            return null;
        }
        catch (Exception e) when (SecretFailure.Answer(e, seen) is { } failure)
        {
            return failure;
        }
    }

    // The secrets in the state, and the one that the config names.
    private IEnumerable<SecretTarget> TargetsOf(SecretPushConfig? config, SecretState state)
    {
        if (config is null || (config.Region ?? clients.DefaultRegion) is not { } region)
            return state.Targets;
        var named = SecretTarget.Of(config, region);
        return state.Targets.Any(t => t.IsSameSecret(named)) ? state.Targets : [.. state.Targets, named];
    }
}
