using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers.Manifest;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

public sealed class ObjectOwnerTests
{
    private static readonly ObjectOwner Owner = new("apps", "thing");

    [Fact]
    public void The_field_manager_carries_namespace_and_name() => Assert.Equal("dorch-apps-thing", Owner.FieldManager);

    [Fact]
    public void A_long_field_manager_keeps_the_limit_and_stays_its_own()
    {
        var name = new string('a', 250);
        var one = new ObjectOwner("apps", name + "1").FieldManager;
        var two = new ObjectOwner("apps", name + "2").FieldManager;
        Assert.Equal(128, one.Length);
        Assert.NotEqual(one, two);
        Assert.Equal(one, new ObjectOwner("apps", name + "1").FieldManager);
    }

    [Theory]
    [InlineData("{}", false, null)]
    [InlineData("""{"annotations":{"deployment-orchestrator.io/owner":"apps/thing"}}""", true, null)]
    [InlineData("""{"annotations":{"deployment-orchestrator.io/owner":"apps/other"}}""", false, "belongs to Component apps/other")]
    [InlineData("""{"ownerReferences":[{"kind":"App","name":"x","controller":true}]}""", false, "is controlled by App x")]
    [InlineData("""{"ownerReferences":[{"kind":"App","name":"x"}]}""", false, null)]
    [InlineData("""{"annotations":{"deployment-orchestrator.io/owner":"apps/thing"},"ownerReferences":[{"kind":"App","name":"x","controller":true}]}""", false,
        "is controlled by App x")]
    public void An_object_is_ours_someone_elses_or_free(string metadata, bool ours, string? stranger)
    {
        var live = new JsonObject { ["metadata"] = JsonNode.Parse(metadata) };
        Assert.Equal(ours, Owner.Owns(live));
        Assert.Equal(stranger, Owner.ForeignOwner(live)?.Split(':')[0]);
    }
}
