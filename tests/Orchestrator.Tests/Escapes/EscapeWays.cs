using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>The attacks by which a tenant gets a config that breaks a rule: the preparation and the tenant's act.</summary>
internal static class EscapeWays
{
    /// <summary>The handler of the Component whose status the test writes as an external handler does.</summary>
    public const string ExternalHandler = "values-of-another";

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<EscapeWay> All { get; } =
    [
        new("create", _ => Task.CompletedTask, cell => cell.Put(cell.Bad)),
        new("edit", MakeGood, cell => cell.Put(cell.Bad)),
        new(
            "policy tightened",
            async cell =>
            {
                await cell.PutFreedom();
                await cell.World.Quiet();
                await cell.Put(cell.Bad);
            },
            cell => cell.PutWalls()),
        new("rename", cell => cell.PutEntry("one", cell.Good), cell => cell.PutEntry("two", cell.Bad)) { IsByComposition = true },
        new(
            "reference resolved late",
            async cell =>
            {
                await cell.Tenant(NewResource.Component(cell.Namespace, "values", "config-reader", JsonNode.Parse(
                    """{"sources":[{"name":"values","exports":[{"key":"v"}]}]}""")!.AsObject()));
                await cell.Put(cell.BadBy("values"));
            },
            cell => cell.Platform(NewResource.ConfigMap(cell.Namespace, "values", ("v", cell.BadValue)))),
        new(
            "take-over",
            cell => cell.Put(cell.Bad),
            async cell =>
            {
                await cell.DeleteNeighbour();
                await cell.World.Quiet();
                await cell.RequestLook();
            })
        { IsOfAbandoned = true },
        new("adopt", _ => Task.CompletedTask, cell =>
        {
            var config = cell.Bad;
            config["adopt"] = true;
            return cell.Put(config);
        })
        { Says = "adopt" },
        new(
            "deletion",
            MakeGood,
            async cell =>
            {
                await cell.Put(cell.Bad);
                await cell.World.Quiet();
                await cell.Delete();
            })
        { IsDeleted = true },
        new("restore from backup", _ => Task.CompletedTask, async cell =>
        {
            // A tool restores a backup of the neighbour's namespace into the tenant's.
            var config = cell.Backup["spec"]!["config"]!.DeepClone().AsObject();
            foreach (var (key, value) in cell.Bad)
                config[key] = value?.DeepClone();
            await cell.Put(config);
            await cell.SetStatus(cell.Backup["status"]!.DeepClone().AsObject());
        })
        { IsStatusForeign = true },
        new("own status of before", cell => cell.Put(cell.Bad), async cell =>
        {
            // A tool restores a backup of the tenant's own namespace, from before the secret had another owner.
            await cell.SetStatus(cell.OwnBackup!["status"]!.DeepClone().AsObject());
            await cell.RequestLook();
        })
        { IsStatusForeign = true, NeedsOwnBackup = true },
        new(
            "status forged",
            MakeGood,
            async cell =>
            {
                var status = (await cell.Stored())!["status"]!.DeepClone().AsObject();
                status["applied"] ??= new JsonObject();
                status["applied"]!["targets"] = new JsonArray(await cell.VictimAsTarget());
                await cell.SetStatus(status);
                await cell.World.Quiet();
                await cell.Put(cell.Bad);
                await cell.World.Quiet();
                await cell.Delete();
            })
        { IsDeleted = true, IsStatusForeign = true },
        new(
            "foreign handler's output",
            async cell =>
            {
                await cell.Tenant(NewResource.Component(cell.Namespace, "values", ExternalHandler, []));
                await cell.Put(cell.BadBy("values"));
            },
            async cell =>
            {
                var component = (await cell.World.Platform.Get(ResourceType.Component, new(cell.Namespace, "values"), EscapeCell.Cancellation))!;
                component["status"] = new JsonObject
                {
                    ["phase"] = "Ready",
                    ["observedGeneration"] = component["metadata"]!["generation"]!.DeepClone(),
                    ["providerStatus"] = new JsonObject { ["v"] = cell.BadValue },
                };
                await cell.World.Platform.ReplaceStatus(component, EscapeCell.Cancellation);
            }),
    ];

    private static Task MakeGood(EscapeCell cell) => cell.Put(cell.Good);
}

/// <summary>One attack.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Prepare">The preparation.</param>
/// <param name="Act">The tenant's act.</param>
internal sealed record EscapeWay(string Name, Func<EscapeCell, Task> Prepare, Func<EscapeCell, Task> Act)
{
    /// <summary>Whether it ends with the deletion of the tenant's Component.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Whether it deletes the neighbour's Component and leaves the secret.</summary>
    public bool IsOfAbandoned { get; init; }

    /// <summary>Whether the tenant's Component comes from an entry of a Composition.</summary>
    public bool IsByComposition { get; init; }

    /// <summary>Whether it runs with every spelling.</summary>
    public bool IsForSpellings => Name is "create" or "rename" or "reference resolved late" or "deletion" or "status forged";

    /// <summary>Whether the tenant once owned the secret.</summary>
    public bool NeedsOwnBackup { get; init; }

    /// <summary>Whether another user wrote the status of the tenant's Component.</summary>
    public bool IsStatusForeign { get; init; }

    /// <summary>A text of the message when the attack itself is denied; null if it never is.</summary>
    public string? Says { get; init; }
}
