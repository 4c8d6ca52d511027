using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

/// <summary>
/// Checks that a terminating child is released only after every terminating child that needs it. It reads the store around each write of a child,
/// whichever process writes. A dependent that is not terminating does not block: a dependency deleted by hand is deleted at once and recreated.
/// </summary>
internal sealed class DeletionOrder(ILifeWorld world)
{
    private readonly ConcurrentDictionary<string, Held> held = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> breaches = new();

    /// <summary>The children that were released too early.</summary>
    public IReadOnlyCollection<string> Breaches => breaches;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Before a call: notes which children must be deleted before the child that the call may release, which may no longer exist after
    /// it.</summary>
    public async Task Before(string call, string name)
    {
        if (!IsOfChild(call, name))
            return;
        var composition = await world.Store.Get(ResourceType.Composition, new(world.Namespace, "sys"), Cancellation);
        var children = await Children();
        if (children.Find(c => ObjectKey.Of(c).Name == name) is { } child && !IsReleased(child))
        {
            held[name] = new(
                child.Uid(),
                [.. children.Where(c => c["spec"]!["dependsOn"]?.AsArray().Any(need => (string?)need == (string?)child["spec"]!["name"]) == true
                    && IsToBeDeleted(c, composition)).Select(c => c.Uid())]);
        }
    }

    /// <summary>After a call that succeeded.</summary>
    public async Task After(string call, string name)
    {
        if (!IsOfChild(call, name) || !held.TryGetValue(name, out var before))
            return;
        var children = await Children();
        if (children.Find(c => c.Uid() == before.Uid) is { } child && !IsReleased(child))
            return;
        if (held.TryRemove(KeyValuePair.Create(name, before)))
        {
            foreach (var late in children.Where(c => before.DeletedFirst.Contains(c.Uid())))
                breaches.Enqueue($"{name} was released before {ObjectKey.Of(late).Name}, which needs it and is terminating");
        }
    }

    private static bool IsOfChild(string call, string name) => call == "Replace" && name.StartsWith("sys-", StringComparison.Ordinal);

    private static bool IsReleased(JsonObject child) => child.IsTerminating() && !child.HasFinalizer(ApiGroup.CoordinationFinalizer);

    private static bool IsToBeDeleted(JsonObject child, JsonObject? composition) =>
        child.IsTerminating() || composition is null || composition.IsTerminating()
        || !composition["spec"]!["components"]!.AsArray().Any(entry => (string?)entry!["name"] == (string?)child["spec"]!["name"]);

    private async Task<List<JsonObject>> Children() => [.. (await world.Store.List(ResourceType.Component, world.Namespace, Cancellation)).Items];

    private sealed record Held(string Uid, IReadOnlyList<string> DeletedFirst);
}
