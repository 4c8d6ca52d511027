using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Components.Manifest;

/// <summary>One apply of a Component's manifests: look at all, note what will be applied, apply in order, prune, judge.</summary>
internal sealed class ManifestApply(IResourceStore store, HandlerRequest request, IReadOnlyList<ManifestObject> manifests)
{
    private static readonly TimeSpan DriftCheck = TimeSpan.FromMinutes(10);

    private readonly ObjectOwner owner = ObjectOwner.Of(request.Component);
    private readonly Inventory wanted = new([.. manifests.Select(m => m.Entry)]);
    private readonly List<HandlerEvent> events = [];
    private readonly Dictionary<(ResourceType Type, ObjectKey Key), string?> versions = [];

    private Inventory intent = Inventory.Read(request.Applied, Inventory.IntentKey);
    private Inventory applied = Inventory.Read(request.ProviderStatus, Inventory.OutputKey);

    /// <summary>Runs it. Only a refusal to note the intent is thrown.</summary>
    public async Task<HandlerAnswer> Run(ReadinessRule rule, CancellationToken cancellation)
    {
        var (live, refusal) = await Look(cancellation);
        if (refusal is not null)
            return refusal with { Watches = Watch(wanted) };

        intent = intent.Then(applied).Then(wanted);
        await Remember(cancellation);

        var results = new List<JsonObject>();
        foreach (var (manifest, before) in manifests.Zip(live))
        {
            if (before is not null && IsTerminating(before))
                return Answer(Wait($"waits until {manifest.Entry}, which is being deleted, is gone, to apply it anew"));
            try
            {
                results.Add(await Apply(manifest, before, cancellation));
            }
            catch (ResourceException e)
            {
                return Answer(ManifestFailure.Answer(e, manifest));
            }
        }

        return Answer(await Prune(cancellation) is { } pruning ? pruning : Judge(results, rule));
    }

    // What is there for each manifest. Nothing is written before all of it is known to be free or ours.
    private async Task<(IReadOnlyList<JsonObject?> Live, HandlerAnswer? Refusal)> Look(CancellationToken cancellation)
    {
        var live = new List<JsonObject?>();
        var strangers = new List<Problem>();
        foreach (var manifest in manifests)
        {
            try
            {
                live.Add(await store.Get(manifest.Entry.Type, manifest.Entry.Key, cancellation));
            }
            catch (ResourceException e) when (e.Error is ResourceError.NotServed)
            {
                // A manifest before it in the list may bring the kind: its own turn decides.
                live.Add(null);
            }
            catch (ResourceException e)
            {
                return (live, ManifestFailure.Answer(e, manifest));
            }

            if (live[^1] is { } found && owner.Stranger(found) is { } stranger)
                strangers.Add(new(manifest.Path, $"{manifest.Entry} {stranger}"));
        }

        return (live, strangers.Count > 0 ? new HandlerAnswer.Failed(FailureKind.Conflict, strangers) : null);
    }

    private async Task Remember(CancellationToken cancellation)
    {
        var memory = intent.ToStatus(Inventory.IntentKey);
        if (!JsonNode.DeepEquals(memory, request.Applied))
            await request.Remember(memory, cancellation);
    }

    private async Task<JsonObject> Apply(ManifestObject manifest, JsonObject? before, CancellationToken cancellation)
    {
        // Another Component that applies the object in this moment holds the annotation's field: not forced, ours is refused.
        var force = before is not null && applied.Has(manifest.Entry) && owner.Owns(before);
        var result = await store.Apply(manifest.For(owner), new(owner.FieldManager, force), cancellation);
        applied = applied.With(manifest.Entry);
        versions[(manifest.Entry.Type, manifest.Entry.Key)] = new ResourceView(result).Text("metadata", "resourceVersion");
        if (before is null)
            events.Add(new("ResourceCreated", $"Created {manifest.Entry}"));
        return result;
    }

    // Null where nothing is left to prune.
    private async Task<HandlerAnswer?> Prune(CancellationToken cancellation)
    {
        var removal = new ManifestRemoval(store, owner);
        var (left, answer) = await removal.Remove(intent.Without(wanted), cancellation);
        events.AddRange(removal.Events);
        intent = left.Then(wanted);
        applied = applied.Within(left).Then(wanted);
        return answer;
    }

    private static HandlerAnswer Judge(List<JsonObject> results, ReadinessRule rule)
    {
        var count = results.Count == 1 ? "1 resource" : $"{results.Count} resources";
        if (rule == ReadinessRule.WhenApplied)
        {
            var verdict = results.Count == 1 ? "it counts as ready" : "they count as ready";
            return new HandlerAnswer.Done(DriftCheck) { Message = $"Applied {count}; the embedded store runs no controllers, so {verdict}" };
        }

        var states = results.Select(r => (Name: $"{ResourceType.Of(r).Kind} {ObjectKey.Of(r)}", Readiness: Readiness.Of(r))).ToList();
        var failed = states.Where(s => s.Readiness.State == ReadinessState.Failed).ToList();

        // Not InvalidConfig: a controller that gave up may try again, and a Job is mended by deleting it.
        if (failed.Count > 0)
            return new HandlerAnswer.Failed(FailureKind.Conflict, [.. failed.Select(s => new Problem("", $"{s.Name} failed: {s.Readiness.Message}"))]);
        if (states.Find(s => s.Readiness.State == ReadinessState.InProgress) is { Name: not null } first)
        {
            var ready = states.Count(s => s.Readiness.State == ReadinessState.Current);
            return Wait($"{ready} of {count} ready; {first.Name}: {first.Readiness.Message}");
        }

        return new HandlerAnswer.Done(DriftCheck) { Message = $"Applied {count}, all ready" };
    }

    private HandlerAnswer Answer(HandlerAnswer answer) => answer with
    {
        ProviderStatus = applied.ToStatus(Inventory.OutputKey),
        Applied = intent.ToStatus(Inventory.IntentKey),
        Events = events,
        Watches = Watch(intent),
    };

    // What was just applied is no news; only what somebody else makes of it is.
    private IReadOnlyList<WatchedResource> Watch(Inventory inventory) =>
        [.. inventory.Entries.Select(e => new WatchedResource(e.Type, e.Key, versions.GetValueOrDefault((e.Type, e.Key))))];

    private static HandlerAnswer.InProgress Wait(string message) => new(ManifestFailure.Soon) { Message = MessageText.Limit(message) };

    private static bool IsTerminating(JsonObject resource) => new ResourceView(resource).Text("metadata", "deletionTimestamp") is not null;
}
