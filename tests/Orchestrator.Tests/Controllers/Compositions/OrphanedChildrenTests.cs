using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Compositions;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

public sealed class OrphanedChildrenTests
{
    [Fact]
    public void A_dependency_whose_spec_name_was_edited_by_hand_is_still_released_after_its_dependents()
    {
        var database = Orphan("database") with { Spec = new() { Handler = "secret-push", Name = "edited" } };
        var app = Orphan("app") with { Spec = new() { Handler = "secret-push", Name = "app", DependsOn = ["database"] } };

        Assert.Equal(["web-app"], OrphanedChildren.Of("web", "new", [database, app]).Select(c => c.Metadata.Name));
    }

    private static Component Orphan(string entry) => new()
    {
        Metadata = new()
        {
            Name = $"web-{entry}",
            Namespace = "default",
            Uid = entry,
            DeletionTimestamp = DateTimeOffset.UnixEpoch,
            Finalizers = [ApiGroup.CoordinationFinalizer],
            Labels = new Dictionary<string, string> { [ApiGroup.CompositionLabel] = "web", [ApiGroup.ComponentLabel] = entry },
            OwnerReferences = [new() { ApiVersion = ApiGroup.ApiVersion, Kind = Composition.KindName, Name = "web", Uid = "old", Controller = true }],
        },
        Spec = new() { Handler = "secret-push" },
    };
}
