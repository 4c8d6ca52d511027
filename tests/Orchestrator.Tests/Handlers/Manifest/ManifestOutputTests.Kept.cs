using static DeploymentOrchestrator.Tests.Handlers.Manifest.ManifestWorld;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

/// <summary>Which values are kept when their field becomes empty, and which never are.</summary>
public sealed partial class ManifestOutputTests
{
    [Fact]
    public async Task A_value_that_vanishes_is_kept_and_reported_once()
    {
        var component = await Ready("db.aws");
        await SetStatus(Database, "orders", "{}");

        var first = Done(await component.Apply());
        var second = Done(await component.Apply());

        Assert.Equal("db.aws", Output(component, "endpoint"));
        Assert.Equal(
            "Applied 1 resource, all ready; endpoint keeps its last value, as it is gone from DBInstance orders: status.endpoint.address", first.Message);
        Assert.Equal(first.Message, second.Message);
        var kept = Assert.Single(first.Events);
        Assert.Equal(("OutputKept", "endpoint keeps its last value: DBInstance orders has no status.endpoint.address any more"), (kept.Reason, kept.Message));
        Assert.Empty(second.Events);
    }

    [Fact]
    public async Task The_value_of_an_object_that_was_deleted_and_created_again_is_not_kept()
    {
        var component = await Ready("db.aws");
        await world.Store.Delete(Database, new("apps", "orders"), new(), Cancellation);

        Assert.Equal("waiting for DBInstance orders: status.endpoint.address", Waiting(await component.Apply()));

        Assert.False(component.Status!.ProviderStatus!.ContainsKey("endpoint"));
        Assert.False(component.Status!.Applied!.ContainsKey("outputs"));
    }

    [Fact]
    public async Task The_value_of_another_object_is_not_kept()
    {
        var component = await Ready("db.aws");
        component.Config = Config(Endpoint.Replace("orders", "invoices", StringComparison.Ordinal),
            Object("databases.example.org/v1alpha1", "DBInstance", "invoices"));

        Assert.Equal("waiting for DBInstance invoices: status.endpoint.address", Waiting(await component.Apply()));
        Assert.False(component.Status!.ProviderStatus!.ContainsKey("endpoint"));
    }

    [Fact]
    public async Task The_value_of_another_path_is_not_kept()
    {
        var component = await Ready("db.aws");
        component.Config = Config(Endpoint.Replace("address", "host", StringComparison.Ordinal), Orders());

        Assert.Equal("waiting for DBInstance orders: status.endpoint.host", Waiting(await component.Apply()));
        Assert.False(component.Status!.ProviderStatus!.ContainsKey("endpoint"));
    }

    [Fact]
    public async Task An_output_that_leaves_the_config_leaves_the_status()
    {
        var component = await Ready("db.aws");
        component.Config = Config("{}", Orders());

        Done(await component.Apply());

        Assert.Equal(["appliedResources"], component.Status!.ProviderStatus!.Select(o => o.Key));
        Assert.False(component.Status!.Applied!.ContainsKey("outputs"));
    }

    [Fact]
    public async Task An_object_and_its_output_that_leave_the_config_leave_the_status()
    {
        var component = Component(EndpointAndHost, Orders(), Web());
        await component.Apply();
        await SetStatus(Database, "orders", """{"endpoint": {"address": "db.aws"}}""");
        await SetStatus(Service, "web", """{"loadBalancer": {"ingress": [{"hostname": "lb.aws"}]}}""");
        Done(await component.Apply());
        component.Config = Config(Endpoint, Orders());

        Done(await component.Apply());

        Assert.Equal(["appliedResources", "endpoint"], component.Status!.ProviderStatus!.Select(o => o.Key));
        Assert.Null(await world.Get(Service, "web"));
    }

    [Fact]
    public async Task A_default_is_used_until_the_value_comes_and_is_never_a_last_value()
    {
        var withDefault = Endpoint.Replace("\"path\"", "\"default\": \"localhost\", \"path\"", StringComparison.Ordinal);
        var component = Component(withDefault, Orders());

        Done(await component.Apply());
        Assert.Equal("localhost", Output(component, "endpoint"));
        component.Config = Config(Endpoint, Orders());
        Assert.Equal("waiting for DBInstance orders: status.endpoint.address", Waiting(await component.Apply()));
        Assert.False(component.Status!.ProviderStatus!.ContainsKey("endpoint"));

        component.Config = Config(withDefault, Orders());
        await SetStatus(Database, "orders", """{"endpoint": {"address": "db.aws"}}""");
        Done(await component.Apply());
        Assert.Equal("db.aws", Output(component, "endpoint"));
        await SetStatus(Database, "orders", "{}");
        Done(await component.Apply());
        Assert.Equal("db.aws", Output(component, "endpoint"));
    }
}
