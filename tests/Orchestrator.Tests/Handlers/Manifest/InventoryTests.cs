using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

public sealed class InventoryTests
{
    private static readonly InventoryEntry A = new(ResourceType.ConfigMap, new("apps", "a"));
    private static readonly InventoryEntry B = new(ResourceType.ConfigMap, new("apps", "b"));
    private static readonly InventoryEntry Old = new(new("example.org", "v1beta1", "Thing"), new("apps", "t"));
    private static readonly InventoryEntry New = new(new("example.org", "v1", "Thing"), new("apps", "t"));

    [Fact]
    public void An_inventory_is_read_as_it_was_written()
    {
        var inventory = new Inventory([A, New, new(ResourceType.Namespace, new(null, "apps"))]);
        var status = inventory.ToStatus(Inventory.OutputKey);
        Assert.Equal(
            """{"appliedResources":[{"apiVersion":"v1","kind":"ConfigMap","namespace":"apps","name":"a"},"""
            + """{"apiVersion":"example.org/v1","kind":"Thing","namespace":"apps","name":"t"},{"apiVersion":"v1","kind":"Namespace","name":"apps"}]}""",
            status.ToJsonString());
        Assert.Equal(inventory.Entries, Inventory.Read(status, Inventory.OutputKey).Entries);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"appliedResources":"x"}""")]
    [InlineData("""{"appliedResources":[null,1,{},{"apiVersion":"v1","kind":"ConfigMap"},{"apiVersion":1,"kind":"ConfigMap","name":"a"}]}""")]
    public void An_invalid_entry_of_an_inventory_is_skipped(string status) =>
        Assert.Empty(Inventory.Read(JsonNode.Parse(status)!.AsObject(), Inventory.OutputKey).Entries);

    [Fact]
    public void An_object_in_another_version_is_the_same_object()
    {
        Assert.True(new Inventory([Old]).Has(New));
        Assert.Equal([A, New, B], new Inventory([A, Old, B]).With(New).Entries);
        Assert.Empty(new Inventory([Old]).Without(new([New])).Entries);
    }

    [Fact]
    public void Joined_inventories_have_each_object_once_in_the_later_order() =>
        Assert.Equal([A, B, New], new Inventory([Old, A]).Then(new([B, New])).Entries);

    [Fact]
    public void Within_keeps_only_the_objects_that_both_inventories_have() => Assert.Equal([B], new Inventory([A, B]).Within(new([B, New])).Entries);
}
