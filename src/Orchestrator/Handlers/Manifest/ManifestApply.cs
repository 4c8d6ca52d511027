using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// One apply of a Component's manifests: reads all objects, records the intent, applies in order, prunes, and judges readiness. If only some of the objects
/// changed since the last one, it reads those.
/// </summary>
internal sealed class ManifestApply(
    ApplyScope scope, HandlerRequest request, ManifestConfig config, OutputCollector outputs, ReadinessRule rule, TimeProvider time,
    DesiredObjects? desired, Handover handover, Action<ObjectAction>? taken)
{
    private readonly ObjectOwner owner = ObjectOwner.Of(request.Component);
    private readonly ObjectClaim claim = new(ObjectOwner.Of(request.Component), desired);
    private readonly IReadOnlyList<ManifestObject> manifests = config.Manifests;
    private readonly ManifestMemo last = request.Memo as ManifestMemo ?? new(null, new());

    // What this run has found out so far; the first two are in the order of the manifests.
    private readonly List<JsonObject?> live = [];
    private readonly List<ObjectState> states = [];
    private readonly Dictionary<ObjectId, string?> versions = [];
    private readonly HashSet<ResourceType> awaited = [];
    private readonly List<HandlerEvent> events = [];
    private IReadOnlyList<InventoryEntry?> places = [];
    private IReadOnlyDictionary<InventoryEntry, ObjectState>? unchanged;
    private Inventory wanted = new([]);
    private Inventory intent = Inventory.Read(request.Applied, Inventory.IntentKey);
    private Inventory applied = Inventory.Read(request.ProviderStatus, Inventory.OutputKey);

    /// <summary>Runs it. Throws only if the intent cannot be recorded.</summary>
    public async Task<HandlerAnswer> Run(CancellationToken cancellation)
    {
        if (await FindPlaces(cancellation) is { } outside)
            return Refuse(outside);
        if (await ReadLiveObjects(cancellation) is { } foreign)
            return Refuse(foreign);

        intent = intent.Then(applied).Then(wanted);
        await RecordIntent(cancellation);

        for (var i = 0; i < manifests.Count; i++)
        {
            if (await ApplyInTurn(manifests[i], places[i], live[i], cancellation) is { } stop)
                return Answer(stop);
        }

        if (await Prune(cancellation) is { } pruning)
            return Answer(pruning);
        return Answer(ManifestVerdict.Of(states, rule)) with { Memo = last with { States = states } };
    }

    private async Task<HandlerAnswer?> FindPlaces(CancellationToken cancellation)
    {
        var found = await ManifestPlaces.Find(manifests, scope, cancellation);
        awaited.UnionWith(found.Unserved);
        places = found.Entries;
        wanted = new([.. places.OfType<InventoryEntry>()]);
        unchanged = found.Refusal is null ? last.Unchanged(request.Changed, wanted) : null;
        return found.Refusal;
    }

    // The live object of each manifest. Nothing is written before all are known to be free or ours.
    private async Task<HandlerAnswer?> ReadLiveObjects(CancellationToken cancellation)
    {
        var strangers = new List<Problem>();
        foreach (var (manifest, entry) in manifests.Zip(places))
        {
            live.Add(null);
            if (entry is null || unchanged?.ContainsKey(entry) == true)
                continue;
            try
            {
                live[^1] = await ReadLive(entry, cancellation);
            }
            catch (ResourceException e) when (e.Error is ResourceError.NotServed)
            {
                // It was deleted in the meantime: its own turn decides.
            }
            catch (ResourceException e)
            {
                return await ManifestFailure.Answer(e, manifest, entry, isThere: false, scope, cancellation);
            }

            if (live[^1] is { } found && claim.ForeignOwner(found) is { } stranger && !claim.IsHandedOver(found))
                strangers.Add(new(manifest.Path, $"{entry} {stranger}"));
        }

        return strangers.Count > 0 ? new HandlerAnswer.Failed(FailureKind.Conflict, strangers) : null;
    }

    private async Task<JsonObject?> ReadLive(InventoryEntry entry, CancellationToken cancellation)
    {
        var found = await scope.Store.Get(entry.Type, entry.Key, cancellation);
        versions[entry.Id] = found is null ? "0" : VersionOf(found);
        return found;
    }

    private async Task RecordIntent(CancellationToken cancellation)
    {
        var inventory = outputs.Remember(intent.ToApplied(config.ServiceAccountName));
        if (!JsonNode.DeepEquals(inventory, request.Applied))
            await request.Remember(inventory, cancellation);
    }

    // Null if the next manifest may follow.
    private async Task<HandlerAnswer?> ApplyInTurn(ManifestObject manifest, InventoryEntry? place, JsonObject? before, CancellationToken cancellation)
    {
        if (place is null)
        {
            (place, before, var refusal) = await ReadDefined(manifest, cancellation);
            if (place is null)
                return refusal;
        }

        if (unchanged?.GetValueOrDefault(place) is { } state)
        {
            states.Add(state);
            versions[place.Id] = state.Version;
            outputs.Take(state.Readings);
            return null;
        }

        if (before is not null && IsTerminating(before))
            return Wait($"waiting for {place} to finish deleting before it is applied again");
        try
        {
            var result = before is not null && claim.IsHandedOver(before) ? before : await Apply(manifest, place, before, cancellation);
            var readiness = rule != ReadinessRule.Kstatus ? Readiness.Current : config.ReadyWhen.Of(manifest, result) ?? Readiness.Of(result);
            states.Add(new(place, versions[place.Id], readiness, outputs.Read(manifest, place, result)));
            return null;
        }
        catch (ResourceException e)
        {
            if (e.Error is ResourceError.Invalid or ResourceError.NotServed)
                awaited.Add(place.Type);
            return await ManifestFailure.Answer(e, manifest, place, isThere: before is not null, scope, cancellation);
        }
    }

    // An object whose kind was not served when all were read: a CustomResourceDefinition of the list, applied by now, may have defined it.
    private async Task<(InventoryEntry? Place, JsonObject? Live, HandlerAnswer? Refusal)> ReadDefined(ManifestObject manifest, CancellationToken cancellation)
    {
        try
        {
            var place = manifest.In(scope.Own, await scope.Store.IsNamespaced(manifest.Type, cancellation));
            var (wrong, outside) = (new List<Problem>(), new List<Problem>());
            ManifestPlaces.Check(manifest, place, scope, [], wrong, outside);
            if (wrong.Count > 0)
                return (null, null, new HandlerAnswer.Failed(FailureKind.InvalidConfig, wrong));
            if (outside.Count > 0)
                return (null, null, new HandlerAnswer.Failed(FailureKind.Denied, outside));
            var found = await ReadLive(place, cancellation);
            if (found is not null && claim.ForeignOwner(found) is { } stranger)
                return (null, null, new HandlerAnswer.Failed(FailureKind.Conflict, [new Problem(manifest.Path, $"{place} {stranger}")]));
            awaited.Remove(manifest.Type);
            wanted = wanted.With(place);
            intent = intent.With(place);
            await RecordIntent(cancellation);
            return (place, found, null);
        }
        catch (ResourceException e) when (e.Error is ResourceError.NotServed)
        {
            return (null, null, ManifestFailure.NotServed(e, manifest, ManifestPlaces.IsDefinedIn(manifest, manifests)));
        }
        catch (ResourceException e)
        {
            return (null, null, await ManifestFailure.Answer(e, manifest, manifest.AsWritten, isThere: false, scope, cancellation));
        }
    }

    private async Task<JsonObject> Apply(ManifestObject manifest, InventoryEntry entry, JsonObject? before, CancellationToken cancellation)
    {
        var result = await claim.Apply(scope.Store, manifest.For(owner, entry.Key), before, applied.Has(entry), cancellation);
        applied = applied.With(entry);
        versions[entry.Id] = VersionOf(result);
        Report(before is null ? new ObjectAction.Create(entry)
            : claim.AbandonedBy(before) is { } former ? new ObjectAction.TakeOver(entry, former, claim.IsGone(former))
            : new ObjectAction.Update(entry));
        var putRight = before is null || VersionOf(before) != VersionOf(result);
        if (last.Contested.Applied(entry, putRight, before is null ? [] : ManagedFields.TakenOver(before, result, owner.FieldManager), Now) is { } contested)
            events.Add(contested);
        return result;
    }

    // Null if nothing is left to prune.
    private async Task<HandlerAnswer?> Prune(CancellationToken cancellation)
    {
        var removal = new ManifestRemoval(scope, owner, handover, sinceDeletion: null);
        var (left, answer) = await removal.Remove(intent.Without(wanted), cancellation);
        foreach (var action in removal.Actions)
            Report(action);
        foreach (var (id, version) in removal.Versions)
            versions[id] = version;
        intent = left.Then(wanted);
        applied = applied.Within(left).Then(wanted);
        return answer;
    }

    private void Report(ObjectAction action)
    {
        taken?.Invoke(action);
        if (action.Event is { } report)
            events.Add(report);
    }

    private HandlerAnswer Answer(HandlerAnswer answer) => Complete(
        WithKindDelay(answer) with { Events = events }, intent.ToApplied(config.ServiceAccountName)) with
    {
        Watches = Watch(intent),
        Memo = last with { States = null },
    };

    // Nothing was read, but outputs of objects that the config no longer names must not stay.
    private HandlerAnswer Refuse(HandlerAnswer refusal) => (outputs.AreAny ? Complete(WithKindDelay(refusal), outputs.Last) : WithKindDelay(refusal)) with
    {
        Watches = Watch(wanted),
        Memo = last with { States = null },
    };

    private HandlerAnswer Complete(HandlerAnswer answer, JsonObject state) => outputs.Complete(answer, applied.ToStatus(Inventory.OutputKey), state, rule);

    // The definition that it waits for was created or changed, and the API server may serve it a moment later.
    private HandlerAnswer WithKindDelay(HandlerAnswer answer) => KindDefinitions.HasOne(request.Changed) && awaited.Count > 0
        ? answer switch
        {
            HandlerAnswer.Failed { Kind: FailureKind.Rejected } rejected => rejected with { RecheckAfter = RecheckDelay.NewKind },
            HandlerAnswer.InProgress waiting => waiting with { RecheckAfter = RecheckDelay.NewKind },
            _ => answer,
        }
        : answer;

    // The version that was just applied is known; only a change by another client counts.
    private IReadOnlyList<WatchedResource> Watch(Inventory inventory) =>
    [
        .. from entry in inventory.Entries.Where(scope.Has)
           select new WatchedResource(entry.Type, entry.Key, versions.GetValueOrDefault(entry.Id), scope.Account, last.Contested.Pause(entry, Now)),
        .. awaited.SelectMany(KindDefinitions.Of).Distinct(),
        .. claim.Holders,
    ];

    private TimeSpan Now => time.GetElapsedTime(0);

    private static string? VersionOf(JsonObject resource) => new ResourceView(resource).Text("metadata", "resourceVersion");

    private static HandlerAnswer.InProgress Wait(string message) => new(RecheckDelay.Missing) { Message = MessageText.Limit(message) };

    private static bool IsTerminating(JsonObject resource) => new ResourceView(resource).Text("metadata", "deletionTimestamp") is not null;
}
