using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// The handler <c>manifest</c>: applies Kubernetes objects in the order of its list, corrects drift, prunes objects that leave the list, and deletes in
/// reverse order, as a ServiceAccount of the Component's namespace or with the operator's own rights within that namespace. It never takes or deletes an
/// object that belongs to another Component or to a controller.
/// </summary>
/// <param name="store">The store of the objects.</param>
/// <param name="readiness">When an applied object is ready.</param>
/// <param name="rights">The account and scope of a Component without a ServiceAccount.</param>
/// <param name="time">The clock of the pauses for contested objects.</param>
/// <param name="isCollectedByAccident">Whether a Component is deleted by accident; null if none is.</param>
/// <param name="desired">Who lists which objects; null if no other Component is known.</param>
/// <param name="collected">Receives the outputs of each run, for a plan; null otherwise.</param>
/// <param name="standIn">A value for an output whose field has none; null without such values.</param>
/// <param name="taken">Receives each action on an object, for a plan; null otherwise.</param>
/// <remarks>
/// <see cref="ManifestApply"/> applies; <see cref="ManifestRemoval"/> prunes and deletes. What both do with an object, and why, is an <see
/// cref="ObjectAction"/>. Server-side apply: https://kubernetes.io/docs/reference/using-api/server-side-apply/.
/// </remarks>
internal sealed class ManifestHandler(
    IResourceStore store, ReadinessRule readiness, OperatorRights rights, TimeProvider time, Func<Component, bool>? isCollectedByAccident = null,
    DesiredObjects? desired = null, Func<Component, string, JsonNode?>? standIn = null, Action<FieldOutputs>? collected = null,
    Action<ObjectAction>? taken = null)
    : IComponentHandler
{
    /// <inheritdoc/>
    public string Name => HandlerNames.Manifest;

    /// <inheritdoc/>
    public ConfigSchema Schema => ManifestSchema.Instance;

    /// <inheritdoc/>
    public IReadOnlyList<Problem> Validate(JsonObject config)
    {
        var problems = new List<Problem>();
        ManifestConfig.Read(config, isResolved: false, problems);
        return problems;
    }

    /// <inheritdoc/>
    public async Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var problems = new List<Problem>();
        var config = ManifestConfig.Read(request.Config, isResolved: true, problems, request.Component.Metadata.Namespace);
        problems.RemoveAll(p => p.IsWarning);
        if (problems.Count > 0)
            return new HandlerAnswer.Failed(FailureKind.InvalidConfig, problems);
        IReadOnlyList<Problem> refused = [.. config.ReadyWhen.Refused(rights.Unreadable), .. Unreadable(config)];
        if (refused.Count > 0)
            return new HandlerAnswer.Failed(FailureKind.Denied, refused);
        try
        {
            var outputs = new OutputCollector(config.Outputs, request, standIn is null ? null : name => standIn(request.Component, name), collected);
            var scope = ScopeOf(request, config.ServiceAccountName);
            return await new ManifestApply(scope, request, config, outputs, readiness, time, desired, HandoverOf(request), taken).Run(cancellation);
        }
        catch (ResourceException e)
        {
            return StoreFailure.Answer(e, "note what is about to be applied");
        }
    }

    /// <inheritdoc/>
    /// <remarks>As the account of the config; if that cannot be read, as the account of the last apply.</remarks>
    public async Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var applied = Inventory.Read(request.ProviderStatus, Inventory.OutputKey);
        var inventory = applied.Then(Inventory.Read(request.Applied, Inventory.IntentKey));
        if (isCollectedByAccident?.Invoke(request.Component) == true)
            return new HandlerAnswer.Done { Events = [.. inventory.Entries.Select(e => ObjectAction.Leave.AfterRestore(e).Event!)] };
        var remembered = Inventory.AccountOf(request.Applied);
        var scope = ScopeOf(request, ManifestConfig.TryReadAccount(request.Config, out var named) ? named : remembered);
        var now = time.GetUtcNow();
        var since = now - (request.Component.Metadata.DeletionTimestamp ?? now);
        var removal = new ManifestRemoval(scope, ObjectOwner.Of(request.Component), HandoverOf(request), since);
        var (left, answer) = await removal.Remove(inventory, cancellation);
        foreach (var action in removal.Actions)
            taken?.Invoke(action);
        return (answer ?? new HandlerAnswer.Done()) with
        {
            ProviderStatus = applied.Within(left).ToStatus(Inventory.OutputKey),
            Applied = left.ToApplied(remembered),
            Events = [.. removal.Actions.Select(a => a.Event).OfType<HandlerEvent>()],
            Watches = [.. left.Entries.Select(e => new WatchedResource(e.Type, e.Key, As: scope.Account))],
        };
    }

    // Only kinds that an administrator refuses are left: the built-in table was checked when the config was read.
    private IEnumerable<Problem> Unreadable(ManifestConfig config) =>
        from output in config.Outputs
        let refusal = rights.Unreadable.Of(output.Object.Type, output.Field.Path)
        where refusal is not null
        select new Problem($"{output.Field.Place}.kind", refusal.Value.Message);

    private Handover HandoverOf(HandlerRequest request) => new(ObjectOwner.Of(request.Component), desired, new(store));

    private ApplyScope ScopeOf(HandlerRequest request, string? account) =>
        ApplyScope.Of(store, request.Component.Metadata.Namespace ?? "", account, rights);
}
