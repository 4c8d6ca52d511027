using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using static DeploymentOrchestrator.Tests.Cli.Rendering.Resources;

namespace DeploymentOrchestrator.Tests.Graph;

public sealed class DeletionOrderTests
{
    [Fact]
    public void Dependents_are_deleted_before_their_dependencies()
    {
        var database = Component("database");
        var credentials = Component("credentials", config: new() { ["secretName"] = "{{ .database.providerStatus.name }}" });
        var pull = Component("pull");
        pull = pull with { Spec = pull.Spec with { DependsOn = ["credentials"] } };

        var order = DeletionOrder.Of([database, pull, credentials], StandardHandlers.SchemaOf);

        Assert.Equal(["pull", "credentials", "database"], order.Select(c => c.Metadata.Name));
    }

    [Fact]
    public void Children_are_left_to_their_Composition()
    {
        var child = Component("app-database");
        child = child with
        {
            Metadata = child.Metadata with
            {
                OwnerReferences = [new() { ApiVersion = ApiGroup.ApiVersion, Kind = "Composition", Name = "app", Uid = "1",
                Controller = true }]
            },
        };

        Assert.Empty(DeletionOrder.Of([child], StandardHandlers.SchemaOf));
    }

    [Fact]
    public void Resources_in_a_dependency_cycle_are_deleted_too()
    {
        JsonObject Config(string other) => new() { ["x"] = $"{{{{ .{other}.providerStatus.y }}}}" };

        var cycle = DeletionOrder.Of([Component("a", config: Config("b")), Component("b", config: Config("a"))], StandardHandlers.SchemaOf);

        Assert.Equal(["a", "b"], cycle.Select(c => c.Metadata.Name));
    }

    [Fact]
    public void Dependencies_mean_a_reference_name_before_an_object_name()
    {
        var named = Component("a");
        named = named with { Spec = named.Spec with { Name = "b" } };
        var dependent = Component("d");
        dependent = dependent with { Spec = dependent.Spec with { DependsOn = ["b"] } };
        var other = Component("b");
        other = other with { Spec = other.Spec with { Name = "z", DependsOn = ["d"] } };

        Assert.Equal(["b", "d", "a"], DeletionOrder.Of([named, other, dependent], StandardHandlers.SchemaOf).Select(c => c.Metadata.Name));
    }
}
