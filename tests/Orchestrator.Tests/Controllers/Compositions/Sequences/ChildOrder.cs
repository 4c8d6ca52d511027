using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>Checks around each write of a child that none is created or re-applied before its dependencies are Ready, nor deleted after them.</summary>
internal sealed class ChildOrder(IResourceStore store)
{
    private readonly ConcurrentDictionary<string, JsonObject> before = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> released = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> breaches = new();
    private volatile int edits;

    /// <summary>The children that were created or deleted out of order.</summary>
    public IReadOnlyCollection<string> Breaches => breaches;

    /// <summary>Whether children are being restored, one by one and in any order, while the controllers work: a deletion cannot wait for one that does not
    /// exist yet.</summary>
    public bool IsArriving { get; set; }

    /// <summary>Records an edit of the Composition.</summary>
    public void Edited() => edits++;

    /// <summary>Records that the controllers have seen every edit.</summary>
    public void Quiet() => edits = 0;

    /// <summary>Before a call of the controllers.</summary>
    public async Task Before(string call, string name)
    {
        if (call == "Replace" && IsChild(name)
            && await store.Get(ResourceType.Component, new(RandomComposition.Namespace, name), CancellationToken.None) is { } child)
            before[name] = child;
    }

    /// <summary>After a call that succeeded.</summary>
    public async Task After(string call, string name)
    {
        if (call is not ("Create" or "Replace") || !IsChild(name))
            return;
        var all = (await store.List(ResourceType.Component, RandomComposition.Namespace, CancellationToken.None)).Items;
        var child = all.FirstOrDefault(c => ObjectKey.Of(c).Name == name);
        if (call == "Create")
        {
            if (child is not null)
                CheckNeeds(name, "made", child, all);
            return;
        }

        if (!before.TryGetValue(name, out var old))
            return;
        var now = child is not null && child.Uid() == old.Uid() ? child : null;
        if ((long?)now?["metadata"]!["generation"] > (long?)old["metadata"]!["generation"])
            CheckNeeds(name, "re-applied", now!, all);
        // Checked once, when it is released: changes of others while its handler deletes it come too late. A backup may restore one that was already
        // released.
        if (IsHeld(old) && (now is null || (now.IsTerminating() && !IsHeld(now))) && released.TryAdd(old.Uid(), true) && !IsArriving)
            await CheckDependents(name, (string?)old["spec"]!["name"], all);
    }

    private void CheckNeeds(string name, string what, JsonObject child, IReadOnlyList<JsonObject> all)
    {
        foreach (var need in Needs(child))
        {
            if (all.FirstOrDefault(c => (string?)c["spec"]!["name"] == need) is not { } found || (string?)found["status"]?["phase"] != Phase.Ready
                || (long?)found["status"]!["observedGeneration"] != (long?)found["metadata"]!["generation"])
                breaches.Enqueue($"{name} was {what} before {need} was Ready");
        }
    }

    private async Task CheckDependents(string name, string? entry, IReadOnlyList<JsonObject> all)
    {
        var spec = (await store.Get(ResourceType.Composition, new(RandomComposition.Namespace, RandomComposition.Name), CancellationToken.None))?["spec"];
        var wanted = (spec?["components"]?.AsArray() ?? []).Select(e => (string)e!["name"]!).ToHashSet(StringComparer.Ordinal);
        // Users delete children without an owner in any order.
        foreach (var late in all.Where(c => ObjectKey.Of(c).Name != name && c["metadata"]!["ownerReferences"] is not null && Needs(c)
            .Contains(entry, StringComparer.Ordinal)))
        {
            // After several edits in a row it is unknown which one the controllers had read: a removed entry counts after a single edit only.
            if (late.IsTerminating() || (edits < 2 && !wanted.Contains((string)late["spec"]!["name"]!)))
                breaches.Enqueue($"{ObjectKey.Of(late).Name} is deleted after {name}, which it needs");
        }
    }

    private static bool IsChild(string name) => name.StartsWith($"{RandomComposition.Name}-", StringComparison.Ordinal);

    private static bool IsHeld(JsonObject child) => child.HasFinalizer(ApiGroup.CoordinationFinalizer);

    private static IEnumerable<string> Needs(JsonObject child) => (child["spec"]!["dependsOn"]?.AsArray() ?? []).Select(n => (string)n!);
}
