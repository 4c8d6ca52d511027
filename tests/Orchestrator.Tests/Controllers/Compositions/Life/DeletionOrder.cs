using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

/// <summary>
/// Sees whether what goes is let go only after all that need it and go, too: looked up in the store around each write of a child, whichever process makes
/// it. A dependent that stays holds nothing: what was deleted by hand beside it goes at once and comes back.
/// </summary>
internal sealed class DeletionOrder(ILifeWorld world)
{
    private readonly ConcurrentDictionary<string, Held> held = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> breaches = new();

    /// <summary>What was let go too early.</summary>
    public IReadOnlyCollection<string> Breaches => breaches;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Before a call: who is to go before the child that it may let go. A child that vanishes can be asked no more after it.</summary>
    public async Task Before(string call, string name)
    {
        if (!IsOfChild(call, name))
            return;
        var composition = await world.Store.Get(ResourceType.Composition, new(world.Namespace, "sys"), Cancellation);
        var children = await Children();
        if (children.Find(c => ObjectKey.Of(c).Name == name) is { } child && !IsLetGo(child))
        {
            held[name] = new(
                Uid(child),
                [.. children.Where(c => c["spec"]!["dependsOn"]?.AsArray().Any(need => (string?)need == (string?)child["spec"]!["name"]) == true
                    && IsToGo(c, composition)).Select(Uid)]);
        }
    }

    /// <summary>After a call that was answered.</summary>
    public async Task After(string call, string name)
    {
        if (!IsOfChild(call, name) || !held.TryGetValue(name, out var before))
            return;
        var children = await Children();
        if (children.Find(c => Uid(c) == before.Uid) is { } child && !IsLetGo(child))
            return;
        if (held.TryRemove(KeyValuePair.Create(name, before)))
        {
            foreach (var late in children.Where(c => before.ToGoFirst.Contains(Uid(c))))
                breaches.Enqueue($"{name} was let go before {ObjectKey.Of(late).Name}, which needs it and goes, too");
        }
    }

    private static bool IsOfChild(string call, string name) => call == "Replace" && name.StartsWith("sys-", StringComparison.Ordinal);

    private static bool IsLetGo(JsonObject child) => child["metadata"]!["deletionTimestamp"] is not null
        && child["metadata"]!["finalizers"]?.AsArray().Any(f => (string?)f == ApiGroup.CoordinationFinalizer) != true;

    private static bool IsToGo(JsonObject child, JsonObject? composition) =>
        child["metadata"]!["deletionTimestamp"] is not null || composition is null || composition["metadata"]!["deletionTimestamp"] is not null
        || !composition["spec"]!["components"]!.AsArray().Any(entry => (string?)entry!["name"] == (string?)child["spec"]!["name"]);

    private static string Uid(JsonObject child) => (string)child["metadata"]!["uid"]!;

    private async Task<List<JsonObject>> Children() => [.. (await world.Store.List(ResourceType.Component, world.Namespace, Cancellation)).Items];

    private sealed record Held(string Uid, IReadOnlyList<string> ToGoFirst);
}
