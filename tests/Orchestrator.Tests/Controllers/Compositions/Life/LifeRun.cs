using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

/// <summary>One run of a verb, with the controllers undisturbed or killed at one of their writes.</summary>
internal sealed class LifeRun(ILifeWorld world)
{
    private readonly Dictionary<string, Seen> seen = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> made = new();
    private readonly DeletionOrder order = new(world);
    private Dictionary<string, Seen> seenBefore = [];
    private volatile bool died;
    private int writes;

    public ILifeWorld World => world;

    /// <summary>The snapshot before the verb.</summary>
    public string Before { get; private set; } = "";

    /// <summary>The number of the controllers' writes since the verb began.</summary>
    public int Writes => Volatile.Read(ref writes);

    /// <summary>The children that the controllers have created since the verb began.</summary>
    public IReadOnlyCollection<string> Made => made;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Runs the verb and returns the snapshot at its end.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="killAt">The write, counted from 1, after which the controllers are killed, with its answer lost; 0 for none.</param>
    /// <param name="end">The expected final snapshot; null when it is not known yet.</param>
    public async Task<string> Of(LifeVerb verb, int killAt = 0, string? end = null)
    {
        await PutEndpoint("one");
        if (verb.Before.Count > 0)
        {
            await Put([.. verb.Before]);
            await Until($"{verb.Before.Count} entries", text => text.Contains($"composition Ready: {verb.Before.Count} of", StringComparison.Ordinal));
        }

        Before = await WaitUntilSteady("before");
        seenBefore = new(seen);
        world.Hooked.Before = order.Before;
        world.Hooked.After = async (call, name) =>
        {
            await order.After(call, name);
            if (call == "Create" && name.StartsWith("sys-", StringComparison.Ordinal))
                made.Enqueue(name);
            if (call is "Get" or "List" || Interlocked.Increment(ref writes) != killAt)
                return;
            world.Kill();
            died = true;
            throw new OperationCanceledException("killed");
        };
        for (var i = 0; i < verb.Steps.Count; i++)
        {
            await verb.Steps[i].Act(this);
            await Until($"step {i + 1}", text => verb.Steps[i].Until(this, text));
        }

        if (end is null)
            end = await WaitUntilSteady("after");
        else
            await Until($"the same end as without a death after write {killAt}:\n{end}\nbut", text => text == end);
        if (verb.HasOrder)
            Assert.Empty(order.Breaches);
        verb.AtEnd(this);
        return end;
    }

    /// <summary>The snapshot once it no longer changes.</summary>
    public async Task<string> WaitUntilSteady(string what)
    {
        var (text, still) = (await Picture(), 0);
        for (var looks = 0; still < world.Looks.Still; looks++)
        {
            Assert.True(looks < world.Looks.Most, $"never stood still: {what}; there is\n{text}");
            var revived = await Revive();
            await world.Pass(0);
            var next = await Picture();
            still = next == text && !revived ? still + 1 : 0;
            text = next;
        }

        return text;
    }

    /// <summary>Gives the Composition these entries.</summary>
    public Task Put(params string[] entries) => Put("Composition", "sys", $$"""{"components":[{{string.Join(',', entries)}}]}""");

    public Task PutComponent(string name, string spec) => Put("Component", name, spec);

    public async Task PutEndpoint(string endpoint)
    {
        var map = NewResource.ConfigMap(world.Namespace, "database", ("endpoint", endpoint));
        if (await world.Store.Get(ResourceType.ConfigMap, new(world.Namespace, "database"), Cancellation) is null)
            await world.Store.Create(map, Cancellation);
        else
            await Edit(ResourceType.ConfigMap, "database", resource => resource["data"] = map["data"]!.DeepClone());
    }

    public Task Delete(string name, ResourceType? type = null, DeletePropagation propagation = DeletePropagation.Background) =>
        world.Store.Delete(type ?? ResourceType.Component, new(world.Namespace, name), new(null, propagation), Cancellation);

    /// <summary>Changes a resource as kubectl edit would, and retries a conflict.</summary>
    public async Task Edit(ResourceType type, string name, Action<JsonObject> change, bool mayBeGone = false)
    {
        while (true)
        {
            var resource = await world.Store.Get(type, new(world.Namespace, name), Cancellation);
            if (resource is null && mayBeGone)
                return;
            change(resource!);
            try
            {
                await world.Store.Replace(resource!, Cancellation);
                return;
            }
            catch (ResourceException e) when (e.Error == ResourceError.Conflict)
            {
                // Read it again.
            }
        }
    }

    /// <summary>The uid of a Component in the last snapshot.</summary>
    public string? Uid(string name) => seen.GetValueOrDefault(name)?.Uid;

    /// <summary>The uid of a Component before the verb.</summary>
    public string? UidBefore(string name) => seenBefore.GetValueOrDefault(name)?.Uid;

    /// <summary>How often the spec of a Component that existed before the verb has changed since.</summary>
    public long Reapplied(string name)
    {
        Assert.Equal(UidBefore(name), Uid(name));
        return seen[name].Generation - seenBefore[name].Generation;
    }

    private async Task Put(string kind, string name, string spec)
    {
        var type = ResourceType.Of(ApiGroup.ApiVersion, kind);
        var json = JsonNode.Parse(spec.Replace("NS", world.Namespace, StringComparison.Ordinal));
        if (await world.Store.Get(type, new(world.Namespace, name), Cancellation) is not null)
        {
            await Edit(type, name, resource => resource["spec"] = json!.DeepClone());
            return;
        }

        await world.Store.Create(
            new()
            {
                ["apiVersion"] = ApiGroup.ApiVersion,
                ["kind"] = kind,
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = world.Namespace },
                ["spec"] = json,
            },
            Cancellation);
    }

    private async Task Until(string what, Func<string, bool> holds)
    {
        for (var looks = 0; ; looks++)
        {
            await Revive();
            var text = await Picture();
            if (holds(text))
                return;
            Assert.True(looks < world.Looks.Most, $"never came: {what}; there is\n{text}");
            await world.Pass(looks);
        }
    }

    private async Task<bool> Revive()
    {
        if (!died)
            return false;
        died = false;
        await world.Restart();
        return true;
    }

    // Everything that must be the same whenever the controllers are killed: no times, uids or versions.
    private async Task<string> Picture()
    {
        var lines = new List<string> { $"namespace {await NamespaceState()}" };
        var composition = await world.Store.Get(ResourceType.Composition, new(world.Namespace, "sys"), Cancellation);
        if (composition is not null)
        {
            var status = composition["status"];
            lines.Add($"composition {StatusText(composition)} {Finalizers(composition)}");
            lines.AddRange((status?["conditions"]?.AsArray() ?? []).Select(c => $"  {c!["type"]} {c["status"]} {c["reason"]} {c["message"]}"));
            lines.AddRange((status?["components"]?.AsArray() ?? []).Select(r => $"  row {r!["name"]} {r["phase"]}: {r["message"]}"));
        }

        seen.Clear();
        foreach (var component in (await world.Store.List(ResourceType.Component, world.Namespace, Cancellation)).Items)
        {
            var metadata = component["metadata"]!;
            var owner = metadata["ownerReferences"] is not JsonArray { Count: > 0 } owners ? "none"
                : (string?)owners[0]!["uid"] == (string?)composition?["metadata"]!["uid"] ? "sys" : "somebody";
            seen[(string)metadata["name"]!] = new((string)metadata["uid"]!, (long)metadata["generation"]!);
            var labels = string.Join(',', (metadata["labels"] as JsonObject ?? []).Select(l => $"{l.Key}={l.Value}").Order(StringComparer.Ordinal));
            lines.Add($"{metadata["name"]} {StatusText(component)} owner {owner} [{labels}] {Finalizers(component)} {Spec(component)}");
        }

        foreach (var map in (await world.Store.List(ResourceType.ConfigMap, world.Namespace, Cancellation)).Items.Where(m =>
            (string?)m["metadata"]!["name"] != "kube-root-ca.crt"))
            lines.Add($"ConfigMap {map["metadata"]!["name"]} {map["data"]?.ToJsonString(ApiJson.Compact)}");
        lines.AddRange(await Secrets());
        return string.Join('\n', lines).Replace(world.Namespace, "NS", StringComparison.Ordinal) + "\n";
    }

    // The store determines the order of keys.
    private static string Spec(JsonObject component)
    {
        var spec = component["spec"]!.AsObject();
        var keys = new[] { "handler", "name", "dependsOn", "config", "deploymentTimeout", "terminationTimeout" };
        return new JsonObject(keys.Where(k => spec[k] is not null).Select(k => KeyValuePair.Create(k, Sorted(k, spec[k]!)))).ToJsonString(ApiJson.Compact);
    }

    private static JsonNode? Sorted(string key, JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.OrderBy(f => key == "config" && f.Key == "secretName" ? "" : f.Key, StringComparer.Ordinal)
            .Select(f => KeyValuePair.Create(f.Key, Sorted(f.Key, f.Value)))),
        JsonArray items => new JsonArray([.. items.Select(item => Sorted("", item))]),
        _ => node?.DeepClone(),
    };

    private static string StatusText(JsonObject resource)
    {
        var status = resource["status"];
        var isGoing = resource["metadata"]!["deletionTimestamp"] is not null ? " (going)" : "";
        var isOld = (long?)status?["observedGeneration"] == (long?)resource["metadata"]!["generation"] ? "" : " (of an older spec)";
        return $"{status?["phase"]}: {status?["message"]}{isGoing}{isOld}";
    }

    private static string Finalizers(JsonObject resource) =>
        "<" + string.Join(',', (resource["metadata"]!["finalizers"]?.AsArray() ?? [])
            .Select(f => ((string)f!).Replace(".deployment-orchestrator.io", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal)) + ">";

    private async Task<string> NamespaceState() =>
        await world.Store.Get(ResourceType.Namespace, new(null, world.Namespace), Cancellation) is not { } found ? "gone"
        : found["metadata"]!["deletionTimestamp"] is null ? "there" : "going";

    private async Task<IEnumerable<string>> Secrets()
    {
        var aws = new AwsJsonClient(world.SecretsManager.Endpoint);
        var lines = new List<string>();
        foreach (var secret in (await aws.Call("ListSecrets", new { IncludePlannedDeletion = true, MaxResults = 100 })).Ok()["SecretList"]!.AsArray())
        {
            var id = (string)secret!["ARN"]!;
            var versions = (await aws.Call("ListSecretVersionIds", new { SecretId = id, IncludeDeprecated = true, MaxResults = 100 }))
                .Ok()["Versions"]!.AsArray().Count;
            lines.Add($"secret {secret["Name"]}: {versions} versions{(secret["DeletedDate"] is null ? "" : ", going")}");
        }

        return lines.Order(StringComparer.Ordinal);
    }

    private sealed record Seen(string Uid, long Generation);
}
