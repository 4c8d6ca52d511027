using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using static DeploymentOrchestrator.Tests.Handlers.Manifest.ManifestWorld;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

/// <summary>Outputs of applied objects. The test simulates the controllers that fill in a status.</summary>
public sealed partial class ManifestOutputTests
{
    private const string Endpoint = """{"endpoint": {"kind": "DBInstance", "name": "orders", "path": "status.endpoint.address"}}""";
    private const string EndpointAndHost = """
        {"endpoint": {"kind": "DBInstance", "name": "orders", "path": "status.endpoint.address"},
         "host": {"kind": "Service", "name": "web", "path": "status.loadBalancer.ingress[0].hostname"}}
        """;

    private static readonly ResourceType Database = new("databases.example.org", "v1alpha1", "DBInstance");
    private static readonly ResourceType Service = new("", "v1", "Service");

    private readonly ManifestWorld world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_field_that_is_not_there_yet_is_waited_for_by_object_and_path()
    {
        var component = Component(Endpoint, Orders());

        Assert.Equal("waiting for DBInstance orders: status.endpoint.address", Waiting(await component.Apply()));
        await SetStatus(Database, "orders", """{"endpoint": {"address": ""}}""");
        Assert.Equal("waiting for DBInstance orders: status.endpoint.address", Waiting(await component.Apply()));
        Assert.False(component.Status!.ProviderStatus!.ContainsKey("endpoint"));

        await SetStatus(Database, "orders", """{"endpoint": {"address": "db.aws"}}""");
        Done(await component.Apply());
        Assert.Equal("db.aws", Output(component, "endpoint"));
    }

    [Fact]
    public async Task Types_stay()
    {
        var component = Component("""{"port": {"kind": "DBInstance", "name": "orders", "path": "status.endpoint.port"}}""", Orders());
        await component.Apply();
        await SetStatus(Database, "orders", """{"endpoint": {"port": 5432}}""");

        Done(await component.Apply());

        Assert.Equal("5432", component.Status!.ProviderStatus!["port"]!.ToJsonString());
    }

    [Fact]
    public async Task A_known_value_is_output_while_another_is_waited_for()
    {
        var component = Component(EndpointAndHost, Orders(), Web());
        await component.Apply();
        await SetStatus(Database, "orders", """{"endpoint": {"address": "db.aws"}}""");

        Assert.Equal("waiting for Service web: status.loadBalancer.ingress[0].hostname", Waiting(await component.Apply()));
        Assert.Equal("db.aws", Output(component, "endpoint"));
    }

    [Fact]
    public async Task An_object_that_is_not_ready_and_lacks_an_output_is_reported_with_both()
    {
        var component = Component(
            """{"ready": {"kind": "Deployment", "name": "web", "path": "status.readyReplicas"}}""", Object("apps/v1", "Deployment", "web"));

        Assert.StartsWith("waiting for Deployment web: status.readyReplicas; 0 of 1 resource ready; Deployment apps/web: ", Waiting(await component.Apply()),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_one_object_does_not_lose_the_outputs_of_another()
    {
        var component = Component(EndpointAndHost, Orders(), Web());
        await component.Apply();
        await SetStatus(Database, "orders", """{"endpoint": {"address": "db.aws"}}""");
        await SetStatus(Service, "web", """{"loadBalancer": {"ingress": [{"hostname": "lb.aws"}]}}""");
        var answer = Done(await component.Apply());
        await SetStatus(Service, "web", """{"loadBalancer": {"ingress": [{"hostname": "lb2.aws"}]}}""");
        var store = new HookedStore(world.Store);
        var calls = new List<string>();
        store.Before = (call, _) =>
        {
            calls.Add(call);
            return Task.CompletedTask;
        };

        var change = component.Request() with { Memo = answer.Memo, Changed = new HashSet<ObjectId> { new(Service, new("apps", "web")) } };
        var next = Done(await Handler(store).Apply(change, Cancellation));

        Assert.Equal(("db.aws", "lb2.aws"), ((string?)next.ProviderStatus!["endpoint"], (string?)next.ProviderStatus["host"]));
        Assert.Single(calls, call => call == "Apply");
    }

    [Fact]
    public async Task A_path_that_leads_into_a_text_fails_and_is_not_waited_for()
    {
        var component = Component(Endpoint, Orders());
        await component.Apply();
        await SetStatus(Database, "orders", """{"endpoint": "db.aws:5432"}""");

        var failed = Assert.IsType<HandlerAnswer.Failed>(await component.Apply());

        Assert.Equal(FailureKind.Conflict, failed.Kind);
        Assert.Equal("outputs.endpoint.path: DBInstance orders: status.endpoint is the text \"db.aws:5432\", which has no address",
            Assert.Single(failed.Problems).ToString());
        Assert.Contains(failed.Watches, w => w.Type == Database);
    }

    [Fact]
    public async Task A_lost_answer_loses_no_value()
    {
        var component = await Ready("db.aws");
        component.Config = Config(Endpoint, Orders(), ConfigMap("more"));
        await component.ApplyAndLoseTheAnswer();
        await SetStatus(Database, "orders", "{}");

        Done(await component.Apply());

        Assert.Equal("db.aws", Output(component, "endpoint"));
    }

    [Fact]
    public async Task A_Ready_Component_does_not_stay_so_through_an_outage_without_the_value_of_a_new_object()
    {
        var component = Component(Endpoint, Orders(), ConfigMap("last"));
        await component.Apply();
        await SetStatus(Database, "orders", """{"endpoint": {"address": "db.aws"}}""");
        Done(await component.Apply());
        await world.Store.Delete(Database, new("apps", "orders"), new(), Cancellation);
        var store = new HookedStore(world.Store);
        store.Before = (call, name) => (call, name) == ("Apply", "last")
            ? throw new ResourceException(ResourceError.Unavailable, "the server is busy") : Task.CompletedTask;
        var request = component.Request();
        request = request with { Component = request.Component with { Status = component.Status! with { Phase = Phase.Ready, ObservedGeneration = 1 } } };

        var answer = await Handler(store).Apply(request, Cancellation);

        Assert.StartsWith(
            "waiting for DBInstance orders: status.endpoint.address; cannot apply ConfigMap apps/last: ", Waiting(answer), StringComparison.Ordinal);
        Assert.False(answer.ProviderStatus!.ContainsKey("endpoint"));
    }

    [Fact]
    public async Task Where_no_controllers_run_the_message_says_what_to_do()
    {
        var component = new HandledComponent(Handler(world.Store, ReadinessRule.WhenApplied), Config(Endpoint, Orders()));

        Assert.Equal("waiting for DBInstance orders: status.endpoint.address; no controller fills in status.endpoint.address here: write a default, or pass "
            + "--output thing.endpoint=value", Waiting(await component.Apply()));
    }

    [Fact]
    public async Task Where_values_can_be_given_an_output_that_has_none_fails_at_once()
    {
        var handler = new ManifestHandler(world.Store, ReadinessRule.WhenApplied, new(), TimeProvider.System, standIn: (_, _) => null);
        var failed = Assert.IsType<HandlerAnswer.Failed>(await new HandledComponent(handler, Config(Endpoint, Orders())).Apply());

        Assert.Equal(FailureKind.Conflict, failed.Kind);
        Assert.EndsWith("or pass --output thing.endpoint=value", Assert.Single(failed.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_waits_for_what_comes_later_and_gets_all_outputs()
    {
        var seen = new List<FieldOutputs>();
        var handler = new ManifestHandler(world.Store, ReadinessRule.Planned, new(), TimeProvider.System, collected: seen.Add);
        var component = new HandledComponent(handler, Config(EndpointAndHost, Orders(), Web()));

        Assert.Equal("waiting for DBInstance orders: status.endpoint.address; Service web: status.loadBalancer.ingress[0].hostname",
            Waiting(await component.Apply()));
        Assert.Equal(["endpoint", "host"], Assert.Single(seen).Waiting.Select(w => w.Output.Name));
    }

    [Fact]
    public async Task A_given_value_takes_the_place_of_a_value_that_no_controller_fills_in()
    {
        var handler = new ManifestHandler(world.Store, ReadinessRule.WhenApplied, new(), TimeProvider.System,
            standIn: (component, output) => (component.ReferenceName(), output) == ("thing", "endpoint") ? "stand-in" : null);
        var component = new HandledComponent(handler, Config(Endpoint, Orders()));

        Done(await component.Apply());
        Assert.Equal("stand-in", Output(component, "endpoint"));
        await SetStatus(Database, "orders", """{"endpoint": {"address": "db.aws"}}""");
        Done(await component.Apply());
        Assert.Equal("db.aws", Output(component, "endpoint"));
    }

    [Fact]
    public async Task A_value_over_64_KiB_fails()
    {
        var component = Component(Endpoint, Orders());
        await component.Apply();
        await SetStatus(Database, "orders", $$$"""{"endpoint": {"address": "{{{new string('x', 70_000)}}}"}}""");

        var failed = Assert.IsType<HandlerAnswer.Failed>(await component.Apply());

        Assert.Equal("outputs.endpoint: DBInstance orders: status.endpoint.address has 70002 bytes, and at most 65536 are allowed: take a smaller field",
            Assert.Single(failed.Problems).ToString());
    }

    private async Task<HandledComponent> Ready(string address)
    {
        var component = Component(Endpoint, Orders());
        await component.Apply();
        await SetStatus(Database, "orders", $$$"""{"endpoint": {"address": "{{{address}}}"}}""");
        Done(await component.Apply());
        return component;
    }

    private HandledComponent Component(string outputs, params JsonObject[] manifests) => new(Handler(world.Store), Config(outputs, manifests));

    private static ManifestHandler Handler(IResourceStore store, ReadinessRule rule = ReadinessRule.Kstatus) => new(store, rule, new(), TimeProvider.System);

    private static JsonObject Config(string outputs, params JsonObject[] manifests)
    {
        var config = ManifestWorld.Config(manifests);
        config["outputs"] = JsonNode.Parse(outputs);
        return config;
    }

    private static JsonObject Orders() => Object("databases.example.org/v1alpha1", "DBInstance", "orders");

    private static JsonObject Web() => Object("v1", "Service", "web");

    private async Task SetStatus(ResourceType type, string name, string status)
    {
        var live = Assert.IsType<JsonObject>(await world.Get(type, name));
        live["status"] = JsonNode.Parse(status);
        await world.Store.ReplaceStatus(live, Cancellation);
    }

    private static string? Output(HandledComponent component, string name) => (string?)component.Status!.ProviderStatus![name];

    private static HandlerAnswer.Done Done(HandlerAnswer answer) => Assert.IsType<HandlerAnswer.Done>(answer);

    private static string Waiting(HandlerAnswer answer) => Assert.IsType<HandlerAnswer.InProgress>(answer).Message!;
}
