using System.Globalization;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.Resources;

/// <summary>Properties that hold after any sequence of writes, including refused ones.</summary>
public sealed class InMemoryResourceStoreProperties
{
    private static readonly string[] Names = ["a", "b", "c"];
    private static readonly string[] Managers = ["red", "blue"];

    [Property(MaxTest = 200)]
    public async Task Replayed_events_give_the_same_objects_as_a_list(ushort[] first, ushort[] second)
    {
        var store = NewStore();
        await Run(store, first);
        var middle = await store.List(ResourceType.Component, null, CancellationToken.None);
        await Run(store, second);

        var replayed = middle.Items.ToDictionary(ObjectKey.Of);
        foreach (var happened in await EventsAfter(store, middle.ResourceVersion))
        {
            if (happened.Type == WatchEventType.Deleted)
                Assert.True(replayed.Remove(ObjectKey.Of(happened.Resource)));
            else
                Assert.Equal(happened.Type == WatchEventType.Modified, !replayed.TryAdd(ObjectKey.Of(happened.Resource), happened.Resource));
            if (happened.Type == WatchEventType.Modified)
                replayed[ObjectKey.Of(happened.Resource)] = happened.Resource;
        }

        var list = (await store.List(ResourceType.Component, null, CancellationToken.None)).Items.ToDictionary(ObjectKey.Of);
        Assert.Equal(list.Keys.ToHashSet(), replayed.Keys.ToHashSet());
        Assert.All(list, r => Assert.True(JsonNode.DeepEquals(r.Value, replayed[r.Key])));
    }

    [Property(MaxTest = 200)]
    public async Task Versions_grow_and_generations_count_specs_and_deletions(ushort[] steps)
    {
        var store = NewStore();
        await Run(store, steps);

        var last = 0L;
        var uids = new HashSet<string>();
        var states = new Dictionary<ObjectKey, JsonObject>();
        foreach (var (type, resource) in await EventsAfter(store, "0"))
        {
            var (key, metadata) = (ObjectKey.Of(resource), resource["metadata"]!);
            var version = long.Parse((string)metadata["resourceVersion"]!, CultureInfo.InvariantCulture);
            Assert.True(version > last);
            last = version;
            states.Remove(key, out var before);
            if (type == WatchEventType.Deleted)
                continue;
            states[key] = resource;
            if (before is null)
            {
                Assert.True(uids.Add((string)metadata["uid"]!));
                Assert.Equal(1, (long)metadata["generation"]!);
                continue;
            }

            var counts = !JsonNode.DeepEquals(before["spec"], resource["spec"])
                || (before["metadata"]!["deletionTimestamp"] is null && metadata["deletionTimestamp"] is not null);
            Assert.Equal((long)before["metadata"]!["generation"]! + (counts ? 1 : 0), (long)metadata["generation"]!);
            Assert.Equal((string)before["metadata"]!["uid"]!, (string)metadata["uid"]!);
            Assert.False(JsonNode.DeepEquals(Unversioned(before), Unversioned(resource)));
        }
    }

    [Property(MaxTest = 200)]
    public async Task No_object_outlives_its_deletion_or_its_owners(ushort[] steps)
    {
        var store = NewStore();
        await Run(store, steps);

        var left = (await store.List(ResourceType.Component, null, CancellationToken.None)).Items;
        var uids = left.Select(r => (string?)r["metadata"]!["uid"]).ToHashSet();
        foreach (var resource in left)
        {
            var metadata = resource["metadata"]!;
            if (metadata["deletionTimestamp"] is not null)
                Assert.NotEmpty(metadata["finalizers"]!.AsArray());
            else if (metadata["ownerReferences"] is JsonArray owners)
                Assert.Contains(owners, o => uids.Contains((string?)o!["uid"]));
        }
    }

    private static InMemoryResourceStore NewStore()
    {
        var uids = 0;
        return new(new FakeTimeProvider(), (_, _) => $"uid-{++uids}");
    }

    private static JsonObject Unversioned(JsonObject resource)
    {
        var copy = (JsonObject)resource.DeepClone();
        copy["metadata"]!.AsObject().Remove("resourceVersion");
        return copy;
    }

    private static async Task<IReadOnlyList<WatchEvent>> EventsAfter(InMemoryResourceStore store, string version)
    {
        var end = long.Parse(store.ResourceVersion(ResourceType.Component), CultureInfo.InvariantCulture);
        var events = new List<WatchEvent>();
        if (end <= long.Parse(version, CultureInfo.InvariantCulture))
            return events;
        await foreach (var happened in store.Watch(ResourceType.Component, null, version, CancellationToken.None))
        {
            events.Add(happened);
            if ((string)happened.Resource["metadata"]!["resourceVersion"]! == end.ToString(CultureInfo.InvariantCulture))
                break;
        }

        return events;
    }

    private static async Task Run(InMemoryResourceStore store, ushort[] steps)
    {
        foreach (var step in steps)
        {
            try
            {
                await Run(store, new Dice(step));
            }
            catch (ResourceException)
            {
                // A refused write changes nothing; the properties verify that.
            }
        }
    }

    private static async Task Run(InMemoryResourceStore store, Dice dice)
    {
        var key = new ObjectKey("default", dice.Of(Names));
        var live = await store.Get(ResourceType.Component, key, CancellationToken.None);
        var next = live ?? Bare(key);
        switch (dice.Next(8))
        {
            case 0:
                next["spec"] = new JsonObject { ["deploymentTimeout"] = $"{dice.Next(3)}m" };
                await (live is null ? store.Create(next, CancellationToken.None) : store.Replace(next, CancellationToken.None));
                break;
            case 1:
                next["metadata"]!["labels"] = new JsonObject { ["l"] = $"{dice.Next(2)}" };
                await store.Replace(next, CancellationToken.None);
                break;
            case 2:
                next["status"] = new JsonObject { ["phase"] = $"{dice.Next(3)}" };
                await store.ReplaceStatus(next, CancellationToken.None);
                break;
            case 3:
                next["metadata"]!["finalizers"] = new JsonArray([.. Enumerable.Range(0, dice.Next(3)).Select(i => JsonValue.Create($"example.com/f{i}"))]);
                await store.Replace(next, CancellationToken.None);
                break;
            case 4:
                await store.Delete(ResourceType.Component, key, new(Propagation: (DeletePropagation)dice.Next(3)), CancellationToken.None);
                break;
            case 5:
                var owner = await store.Get(ResourceType.Component, key with { Name = dice.Of(Names) }, CancellationToken.None) ?? Bare(key);
                next["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = ApiGroup.ApiVersion,
                    ["kind"] = "Component",
                    ["name"] = (string)owner["metadata"]!["name"]!,
                    ["uid"] = (string?)owner["metadata"]!["uid"] ?? "never",
                    ["blockOwnerDeletion"] = dice.Next(2) == 0,
                });
                await (live is null ? store.Create(next, CancellationToken.None) : store.Replace(next, CancellationToken.None));
                break;
            default:
                var applied = Bare(key);
                applied["spec"] = new JsonObject { [$"k{dice.Next(2)}"] = dice.Next(2) };
                await store.Apply(applied, new(dice.Of(Managers), Force: dice.Next(2) == 0), CancellationToken.None);
                break;
        }
    }

    private static JsonObject Bare(ObjectKey key) => new()
    {
        ["apiVersion"] = ApiGroup.ApiVersion,
        ["kind"] = "Component",
        ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace },
    };

    // One number holds all the choices of a step, so that a failing run shrinks.
    private sealed class Dice(int choices)
    {
        private int left = choices;

        public int Next(int sides)
        {
            var side = left % sides;
            left /= sides;
            return side;
        }

        public string Of(string[] words) => words[Next(words.Length)];
    }
}
