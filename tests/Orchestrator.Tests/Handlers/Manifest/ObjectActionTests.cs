using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

/// <summary>What the plan, the event and the status say of an action on an object: from the action alone.</summary>
public sealed class ObjectActionTests
{
    private static readonly InventoryEntry Object = new(ResourceType.ConfigMap, new("apps", "a"));
    private static readonly ObjectOwner Other = new("apps", "other");
    private static readonly Heir Certain = new("Component apps/heir", IsCertain: true);
    private static readonly Heir Possible = Certain with { IsCertain = false };

    private const string Restored = "this Component came from a backup with an owner that is gone, and the next one takes the object over";

    public static TheoryData<object, string, string?, string?> Actions => new()
    {
        { new ObjectAction.Create(Object), "it does not exist", "ResourceCreated: Created ConfigMap apps/a", null },
        {
            new ObjectAction.TakeOver(Object, Other, isGone: true), "Component apps/other no longer lists it",
            "ResourceTakenOver: took over ConfigMap apps/a from Component apps/other, which is gone", null
        },
        {
            new ObjectAction.TakeOver(Object, Other, isGone: false), "Component apps/other no longer lists it",
            "ResourceTakenOver: took over ConfigMap apps/a from Component apps/other, which no longer lists it", null
        },
        { new ObjectAction.Update(Object), "it differs from the manifest", null, null },
        { new ObjectAction.Delete(Object, isPruned: true), "it is no longer among the manifests", "ResourceDeleted: Deleted ConfigMap apps/a", null },
        { new ObjectAction.Delete(Object, isPruned: false), "the Component is deleted", "ResourceDeleted: Deleted ConfigMap apps/a", null },
        {
            new ObjectAction.AwaitDeletion(Object, ["example.org/held", "example.org/too"]), "example.org/held, example.org/too holds it", null,
            "waits until ConfigMap apps/a is gone: example.org/held, example.org/too holds it"
        },
        {
            new ObjectAction.AwaitHeir(Object, Possible), "Component apps/heir may list it", null,
            "waits to learn whether Component apps/heir lists ConfigMap apps/a: its references are not resolved yet"
        },
        { new ObjectAction.KeepForHeir(Object, Certain), "Component apps/heir takes it over", null, null },
        {
            ObjectAction.Leave.ToHeir(Object, Certain), "Component apps/heir takes it over",
            "ResourceLeft: left ConfigMap apps/a in place: Component apps/heir takes it over", null
        },
        {
            ObjectAction.Leave.ToHeir(Object, Possible), "Component apps/heir may list it, and its references are still not resolved",
            "Warning ResourceLeft: left ConfigMap apps/a in place: Component apps/heir may list it, and its references are still not resolved", null
        },
        {
            ObjectAction.Leave.ToNewOwner(Object, Other), "Component apps/other took it over",
            "ResourceLeft: left ConfigMap apps/a in place: Component apps/other took it over", null
        },
        {
            ObjectAction.Leave.ToForeignOwner(Object, "is controlled by App boss: use another name"), "it is controlled by App boss: use another name",
            "Warning ResourceLeft: ConfigMap apps/a is not deleted: it is controlled by App boss: use another name", null
        },
        { ObjectAction.Leave.AfterRestore(Object), Restored, $"ResourceLeft: left ConfigMap apps/a in place: {Restored}", null },
    };

    [Theory]
    [MemberData(nameof(Actions))]
    public void An_action_carries_its_reason_its_event_and_what_a_status_says(object action, string reason, string? report, string? waitsFor)
    {
        var taken = (ObjectAction)action;
        Assert.Equal((Object, reason, waitsFor), (taken.Entry, taken.Reason, taken.WaitsFor));
        Assert.Equal(report, taken.Event is { } e ? $"{(e.IsWarning ? "Warning " : "")}{e.Reason}: {e.Message}" : null);
    }
}
