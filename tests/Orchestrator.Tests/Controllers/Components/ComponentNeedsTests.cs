using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

public sealed class ComponentNeedsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("db Deploying creating", "waits for db: Deploying: creating")]
    [InlineData("db Deploying", "waits for db: Deploying")]
    [InlineData("db", "waits for db: Pending")]
    [InlineData("dc Ready", "waits for \"db\", which does not exist in the namespace; did you mean \"dc\"?")]
    public void A_Component_waits_for_a_dependency_that_is_not_Ready(string other, string? waiting = "waits for \"db\", which does not exist in the namespace")
    {
        var needs = Of(Reference("db"), other.Length == 0 ? [] : [Component(other.Split(' ')[0], other.Split(' ', 3)[1..])]);
        Assert.Equal(waiting, needs.Waiting);
        Assert.Null(needs.Config);
    }

    [Fact]
    public void A_Ready_dependency_gives_its_outputs()
    {
        var needs = Of(Reference("db"), [Component("db", ["Ready"]) with { Status = Ready(new() { ["host"] = "h" }) }]);
        Assert.Equal("""{"with":"h"}""", needs.Config!.ToJsonString());
    }

    [Fact]
    public void A_dependency_that_is_Ready_for_an_older_spec_is_waited_for()
    {
        var db = Component("db", ["Ready"]);
        Assert.Equal("waits for db: Pending", Of(Reference("db"), [db with { Metadata = db.Metadata with { Generation = 2 } }]).Waiting);
    }

    [Fact]
    public void A_reference_to_an_output_that_does_not_exist_is_a_problem() => Assert.Equal(
        "with: component \"db\" has no output \"host\": there is nothing",
        Assert.Single(Of(Reference("db"), [Component("db", ["Ready"])]).Problems).ToString());

    [Theory]
    [InlineData("my-db")]
    [InlineData("my_db")]
    public void DependsOn_accepts_the_entry_name_and_the_Component_name(string name)
    {
        var me = Component("me") with { Spec = new() { Handler = "make", DependsOn = [name] } };
        Assert.Equal($"waits for {name}: Deploying", Of(me, [Component("my-db", ["Deploying"])]).Waiting);
        Assert.NotNull(Of(me, [Component("my-db", ["Ready"])]).Config);
    }

    [Fact]
    public void Children_of_compositions_are_out_of_scope()
    {
        var child = Component("db", ["Ready"]);
        child = child with { Metadata = child.Metadata with { OwnerReferences = [Owner()] } };
        Assert.StartsWith("waits for \"db\", which does not exist", Of(Reference("db"), [child]).Waiting);
    }

    [Fact]
    public void A_child_of_a_Composition_has_no_dependencies_and_its_config_is_not_searched()
    {
        var child = Reference("db");
        child = child with { Metadata = child.Metadata with { OwnerReferences = [Owner()] }, Spec = child.Spec with { DependsOn = ["nobody"] } };
        var needs = ComponentNeeds.Of(child, StandardHandlers.SchemaOf, () => throw new InvalidOperationException("nobody is looked for"));
        Assert.Equal(child.Spec.Config, needs.Config);
    }

    [Fact]
    public void A_Component_without_references_looks_nothing_up() =>
        Assert.NotNull(ComponentNeeds.Of(Component("me"), StandardHandlers.SchemaOf, () => throw new InvalidOperationException("nobody is looked for")).Config);

    [Fact]
    public void A_reference_name_of_two_Components_resolves_to_neither()
    {
        var second = Component("other", ["Ready"]);
        Assert.Equal(
            "waits for \"db\", which db and other are both called: give one another spec.name",
            Of(Reference("db"), [Component("db", ["Ready"]), second with { Spec = second.Spec with { Name = "db" } }]).Waiting);
    }

    [Theory]
    [InlineData("a", "a -> b -> a")]
    [InlineData("b", "b -> a -> b")]
    [InlineData("c", "c -> d -> c")]
    [InlineData("d", "d -> c -> d")]
    // It only waits for a Component in a cycle.
    [InlineData("e", null)]
    public void A_dependency_cycle_is_reported_to_each_Component_in_it(string name, string? cycle)
    {
        List<Component> all = [Needing("a", "b"), Needing("b", "a"), Needing("c", "d"), Needing("d", "c"), Needing("e", "a")];
        var needs = ComponentNeeds.Of(all.First(c => c.Metadata.Name == name), StandardHandlers.SchemaOf, () => new(all));
        Assert.Equal(
            cycle is null ? [] : [$"spec: dependency cycle {cycle}: remove one of these dependencies"], needs.Problems.Select(p => p.ToString()));
    }

    [Fact]
    public void A_malformed_reference_is_a_problem() => Assert.Equal(
        "with", Assert.Single(Of(Component("me", config: """{"with":"{{ .db.providerStatus.x | quote }}"}"""), []).Problems).Path);

    private static ComponentNeeds Of(Component me, IReadOnlyList<Component> others) =>
        ComponentNeeds.Of(me, StandardHandlers.SchemaOf, () => new([me, .. others]));

    [Fact]
    public void A_deletion_resolves_references_as_the_type_that_the_handler_expects()
    {
        var me = Component("me",
            config: """{"tags":{"a":"{{ .other.providerStatus.port }}"},"fields":{"a":{"valueFrom":{"component":"other","output":"port"}}}}""");
        me = me with { Spec = me.Spec with { Handler = "secret-push" } };
        var other = Component("other") with { Status = Ready(new() { ["port"] = 5432 }) };
        Assert.Equal("""{"tags":{"a":"5432"},"fields":{"a":{"value":"5432"}}}""",
            ComponentNeeds.ResolveWhatIsReady(me, StandardHandlers.SchemaOf(me.Spec.Handler), () => new([me, other])).ToJsonString());
        Assert.Equal(me.Spec.Config!.ToJsonString(), ComponentNeeds.ResolveWhatIsReady(me, StandardHandlers.SchemaOf(me.Spec.Handler), () => new([me]))
            .ToJsonString());
    }

    [Theory]
    [InlineData("{{ .my-db.providerStatus.x }}")]
    [InlineData("${my_db.providerStatus.x}")]
    public void A_misspelled_reference_is_a_problem_with_a_suggestion(string text)
    {
        var me = Component("me") with { Spec = new() { Handler = "make", Config = new() { ["with"] = text } } };
        Assert.Equal(
            $"with: {text} is not a reference: write {{{{ .my_db.providerStatus.x }}}}; a backslash before it leaves it as it is",
            Assert.Single(Of(me, []).Problems).ToString());
    }

    [Theory]
    [InlineData("secret-push", true)]
    [InlineData("manifest", false)]
    public void A_template_that_reads_the_status_of_an_existing_Component_is_reported_as_a_misspelled_reference(string handler, bool isProblem)
    {
        var me = Component("me", config: """{"with":"{{ .other.Status.host }} {{ .nobody.Status.host }}"}""");
        me = me with { Spec = me.Spec with { Handler = handler } };
        Assert.Equal(
            isProblem ? ["with: {{ .other.Status.host }} is not a reference: write {{ .other.providerStatus.host }}"] : [],
            Of(me, [Component("other")]).Problems.Select(p => p.ToString()));
    }

    private static Component Reference(string name) => Component("me", config: $$$"""{"with":"{{ .{{{name}}}.providerStatus.host }}"}""");

    private static Component Needing(string name, string need) =>
        Component(name) with { Spec = new() { Handler = "make", DependsOn = [need] } };

    private static Component Component(string name, string[]? status = null, string config = "{}") => new()
    {
        Metadata = new() { Name = name, Namespace = "apps", Generation = 1 },
        Spec = new() { Handler = "make", Config = JsonNode.Parse(config)!.AsObject() },
        Status = status is not { Length: > 0 } ? null : Ready([]) with { Phase = status[0], Message = status.Length > 1 ? status[1] : null },
    };

    private static ComponentStatus Ready(JsonObject outputs) => new() { Phase = Phase.Ready, ObservedGeneration = 1, ProviderStatus = outputs };

    private static OwnerReference Owner() => new() { ApiVersion = ApiGroup.ApiVersion, Kind = "Composition", Name = "c", Uid = "u", Controller = true };
}
