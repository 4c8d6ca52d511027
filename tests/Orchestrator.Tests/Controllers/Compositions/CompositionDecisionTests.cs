using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>
/// One decision for each test: a Composition, its existing children and the expected changes. Entries are <c>name:type needs…</c>; children are created from
/// them as <see cref="CompositionDecision"/> itself would, then changed.
/// </summary>
public sealed partial class CompositionDecisionTests
{
    [Fact]
    public void A_new_Composition_creates_only_the_entries_without_dependencies()
    {
        var changes = Decide(Of("db:make", "app:make db", "log:make"), []);
        Assert.Equal("create app-db, create app-log", Text(changes));
        Assert.Equal("db Pending; app Pending waits for db; log Pending", Rows(changes));
    }

    [Fact]
    public void A_child_is_created_as_the_protocol_says()
    {
        var composition = Of("db:make", "app_x:make db");
        var db = Ready(composition, "db") with { Status = Status(new() { ["endpoint"] = "e", ["port"] = 1 }) };
        var child = Assert.Single(Decide(composition, [db], entry => entry with
        {
            Config = Json("""{"port":"{{ .db.providerStatus.port }}","text":"{{ .user }}@{{ .db.providerStatus.endpoint }}"}"""),
            DeploymentTimeout = "1h",
            TerminationTimeout = "2h",
        }).Create);

        Assert.Equal("app-app-x", child.Metadata.Name);
        Assert.Equal("apps", child.Metadata.Namespace);
        Assert.Equal([ApiGroup.CoordinationFinalizer], child.Metadata.Finalizers);
        Assert.Equal("app", child.Metadata.Label("deployment-orchestrator.io/composition"));
        Assert.Equal("app_x", child.Metadata.Label("deployment-orchestrator.io/component"));
        Assert.Equal(
            new() { ApiVersion = ApiGroup.ApiVersion, Kind = "Composition", Name = "app", Uid = "uid-app", Controller = true, BlockOwnerDeletion = true },
            child.Metadata.Controller());
        Assert.Equal(("make", "app_x", "1h", "2h"), (child.Spec.Handler, child.Spec.Name, child.Spec.DeploymentTimeout, child.Spec.TerminationTimeout));
        Assert.Equal(["db"], child.Spec.DependsOn);
        Assert.Equal("""{"port":1,"text":"{{ .user }}@e"}""", child.Spec.Config!.ToJsonString());
    }

    [Fact]
    public void An_entry_is_created_once_its_dependencies_are_Ready()
    {
        var composition = Of("db:make", "app:make db");
        Assert.Equal("create app-app", Text(Decide(composition, [Ready(composition, "db")])));
    }

    [Theory]
    [InlineData("Deploying", 1)]
    [InlineData("Failed", 1)]
    // Ready for an older spec is not ready.
    [InlineData("Ready", 0)]
    public void An_entry_is_not_created_while_a_dependency_is_not_Ready(string phase, long observed)
    {
        var composition = Of("db:make", "app:make db");
        var db = Ready(composition, "db");
        Assert.Equal("", Text(Decide(composition, [db with { Status = db.Status! with { Phase = phase, ObservedGeneration = observed } }])));
    }

    [Fact]
    public void DependsOn_accepts_a_child_name_too()
    {
        var composition = Of("my_db:make", "app:make app-my-db");
        var db = Ready(composition, "my_db");
        var changes = Decide(composition, [db]);
        Assert.Equal("create app-app", Text(changes));
        Assert.Equal(["my_db"], changes.Create[0].Spec.DependsOn);
    }

    [Fact]
    public void A_Composition_in_its_desired_state_plans_nothing()
    {
        var composition = Of("db:make", "app:make db");
        var changes = Decide(composition, [Ready(composition, "db"), Ready(composition, "app")]);
        Assert.Equal("", Text(changes));
        Assert.Equal(Phase.Ready, Status(composition, changes).Phase);
    }

    [Theory]
    [InlineData("config")]
    [InlineData("dependsOn")]
    [InlineData("name")]
    [InlineData("timeout")]
    [InlineData("handler")]
    [InlineData("label")]
    [InlineData("finalizer")]
    public void A_child_edited_by_hand_is_restored(string what)
    {
        var composition = Of("db:make");
        var child = Ready(composition, "db");
        var (metadata, spec) = (child.Metadata, child.Spec);
        var edited = what switch
        {
            "config" => child with { Spec = spec with { Config = Json("""{"a":1}""") } },
            "dependsOn" => child with { Spec = spec with { DependsOn = ["db"] } },
            "name" => child with { Spec = spec with { Name = "other" } },
            "timeout" => child with { Spec = spec with { DeploymentTimeout = "1s" } },
            // Claimed by make, so it still belongs to make.
            "handler" => child with { Spec = spec with { Handler = "rds" } },
            "label" => child with { Metadata = metadata with { Labels = new Dictionary<string, string> { ["mine"] = "stays" } } },
            _ => child with { Metadata = metadata with { Finalizers = ["make.deployment-orchestrator.io/lifecycle"] } },
        };
        var changes = Decide(composition, [edited]);
        Assert.Equal("update app-db", Text(changes));
        Assert.Equal(Spec(child), Spec(changes.Update[0]));
        Assert.Equal("db", changes.Update[0].Metadata.Label(ApiGroup.ComponentLabel));
        Assert.Equal(child.Metadata.Finalizers!.Order(StringComparer.Ordinal), changes.Update[0].Metadata.Finalizers!.Order(StringComparer.Ordinal));
        Assert.Equal(what == "label" ? "stays" : null, changes.Update[0].Metadata.Label("mine"));
    }

    // A backup taken meanwhile would record them without an owner, and a deletion would not wait for their dependents.
    [Theory]
    [InlineData("a dependency that is being deleted", true)]
    [InlineData("a dependency that is being deleted", false)]
    [InlineData("an output that is not there", true)]
    [InlineData("an output that is not there", false)]
    [InlineData("an invalid spec", true)]
    [InlineData("an invalid spec", false)]
    public void Labels_and_finalizer_of_a_child_are_restored_whatever_its_entry_waits_for(string what, bool isLabel)
    {
        var plain = Of("db:make", "app:make db");
        var composition = what == "an output that is not there" ? WithConfig(plain, "app", """{"with":"{{ .db.providerStatus.x }}"}""") : plain;
        var child = Ready(plain, "app");
        child = child with
        {
            Metadata = isLabel ? child.Metadata with { Labels = null } : child.Metadata with { Finalizers = ["make.deployment-orchestrator.io/lifecycle"] },
        };
        var db = what == "a dependency that is being deleted" ? Terminating(plain, "db", released: true) : Ready(plain, "db");
        var facts = Facts(composition, [db, child]);
        var changes = what == "an invalid spec" ? CompositionDecision.DecideInvalid(facts) : CompositionDecision.Decide(facts);

        Assert.Equal("update app-app", Text(changes));
        Assert.Equal(Spec(child), Spec(changes.Update[0]));
        Assert.Equal(("app", "app"), (changes.Update[0].Metadata.Label(ApiGroup.CompositionLabel), changes.Update[0].Metadata.Label(ApiGroup.ComponentLabel)));
        Assert.Contains(ApiGroup.CoordinationFinalizer, changes.Update[0].Metadata.Finalizers!);
    }

    [Fact]
    public void A_changed_output_updates_only_the_entries_that_reference_it()
    {
        var plain = Of("db:make", "app:make db", "web:make app", "log:make");
        var composition = WithConfig(plain, "app", """{"with":"{{ .db.providerStatus.x }}"}""");
        var db = Ready(plain, "db") with { Status = Status(new() { ["x"] = "new" }) };
        var app = Ready(plain, "app", """{"with":"old"}""");
        var changes = Decide(composition, [db, app, Ready(plain, "web"), Ready(plain, "log")]);
        Assert.Equal("update app-app", Text(changes));
        Assert.Equal("""{"with":"new"}""", changes.Update[0].Spec.Config!.ToJsonString());
    }

    // Otherwise it would be applied with the old output, and once more with the new one.
    [Fact]
    public void An_entry_waits_for_a_dependency_that_is_still_to_be_updated()
    {
        var before = Of("a:make", "b:make a", "c:make b");
        var after = WithConfig(WithConfig(WithConfig(before, "a", """{"v":2}"""), "b", """{"v":2}"""), "c", """{"v":2}""");
        Assert.Equal("update app-a", Text(Decide(after, [Ready(before, "a"), Ready(before, "b"), Ready(before, "c")])));
        Assert.Equal("update app-b", Text(Decide(after, [Ready(after, "a"), Ready(before, "b"), Ready(before, "c")])));
        Assert.Equal("update app-c", Text(Decide(after, [Ready(after, "a"), Ready(after, "b"), Ready(before, "c")])));
    }

    // a depended on b; now b depends on a. At no time do they depend on each other.
    [Fact]
    public void A_dependency_between_two_entries_can_be_reversed()
    {
        var (before, after) = (Of("a:make b", "b:make"), Of("a:make", "b:make a"));
        Assert.Equal("update app-a", Text(Decide(after, [Ready(before, "a"), Ready(before, "b")])));
    }

    [Fact]
    public void A_reference_to_an_output_that_is_not_there_fails_that_entry_alone()
    {
        var composition = WithConfig(Of("db:make", "app:make db", "log:make"), "app", """{"with":"{{ .db.providerStatus.endpont }}"}""");
        var db = Ready(composition, "db") with { Status = Status(new() { ["endpoint"] = "e" }) };
        var changes = Decide(composition, [db]);
        Assert.Equal("create app-log", Text(changes));
        Assert.Equal(
            "db Ready; app Failed config.with: component \"db\" has no output \"endpont\": there is endpoint; did you mean \"endpoint\"?; log Pending",
            Rows(changes));
    }

    private static Composition Of(params string[] entries) => new()
    {
        Metadata = new() { Name = "app", Namespace = "apps", Uid = "uid-app", Generation = 1, Finalizers = [ApiGroup.CoordinationFinalizer] },
        Spec = new()
        {
            Components = [.. entries.Where(e => e.Length > 0).Select(e => e.Split(' ')).Select(e => new CompositionEntry
            {
                Name = e[0].Split(':')[0],
                Type = e[0].Split(':')[1],
                DependsOn = e.Length > 1 ? e[1..] : null,
            })],
        },
    };

    private static Composition WithConfig(Composition composition, string entry, string config) => composition with
    {
        Spec = new() { Components = [.. composition.Spec.Components.Select(e => e.Name == entry ? e with { Config = Json(config) } : e)] },
    };

    private static Component Unclaimed(Composition composition, string name)
    {
        var entry = composition.Spec.Components.First(e => e.Name == name);
        var alone = composition with { Spec = new() { Components = [entry with { DependsOn = null }] } };
        var child = Decide(alone, []).Create[0];
        return child with
        {
            Metadata = child.Metadata with { Uid = $"uid-{name}", Generation = 1 },
            Spec = child.Spec with { DependsOn = entry.DependsOn is null ? null : [.. entry.DependsOn.Distinct().Order(StringComparer.Ordinal)] },
        };
    }

    private static Component Ready(Composition composition, string name, string? config = null)
    {
        var child = Unclaimed(composition, name);
        return child with
        {
            Metadata = child.Metadata with { Finalizers = [.. child.Metadata.Finalizers!, ApiGroup.LifecycleFinalizer(child.Spec.Handler)] },
            Spec = child.Spec with { Config = config is null ? child.Spec.Config : Json(config) },
            Status = Status([]),
        };
    }

    private static Component Terminating(Composition composition, string name, bool released = false)
    {
        var child = Ready(composition, name);
        return child with
        {
            Metadata = child.Metadata with
            {
                DeletionTimestamp = DateTimeOffset.UnixEpoch,
                Finalizers = released ? [.. child.Metadata.Finalizers!.Where(f => f != ApiGroup.CoordinationFinalizer)] : child.Metadata.Finalizers,
            },
        };
    }

    private static ComponentStatus Status(JsonObject outputs) => new() { Phase = Phase.Ready, ObservedGeneration = 1, ProviderStatus = outputs };

    private static CompositionChanges Decide(Composition composition, IReadOnlyList<Component> children,
        Func<CompositionEntry, CompositionEntry>? changeLast = null)
    {
        if (changeLast is not null)
            composition =
                composition with { Spec = new() { Components = [.. composition.Spec.Components.SkipLast(1), changeLast(composition.Spec.Components[^1])] } };
        return CompositionDecision.Decide(Facts(composition, children));
    }

    private static CompositionChanges WithoutRds(Composition composition, Component child, int minutes = 0) =>
        CompositionDecision.Decide(Facts(composition, [child]) with { RunsHere = type => type == "make", Now = DateTimeOffset.UnixEpoch.AddMinutes(minutes) });

    private static ConfigSchema SchemaOf(string? type) => type == "make" ? SecretPushSchema.Instance : ConfigSchema.Unknown;

    private static CompositionFacts Facts(Composition composition, IReadOnlyList<Component> children) => new()
    {
        Composition = composition,
        Graph = DesiredGraph.Of(composition, SchemaOf),
        Children = children.ToDictionary(c => c.Metadata.Name, StringComparer.Ordinal),
        NamesInUse = new HashSet<string>(),
        RunsHere = _ => true,
        SchemaOf = SchemaOf,
        Now = DateTimeOffset.UnixEpoch,
        Since = _ => DateTimeOffset.UnixEpoch,
    };

    private static CompositionStatus Status(Composition composition, CompositionChanges changes) =>
        CompositionStatusRules.Of(composition, changes.Rows, changes.Waits);

    private static string Text(CompositionChanges changes) => string.Join(", ",
    [
        .. changes.Create.Select(c => $"create {c.Metadata.Name}"),
        .. changes.Update.Select(c => $"update {c.Metadata.Name}"),
        .. changes.Delete.Select(c => $"delete {c.Metadata.Name}"),
        .. changes.Release.Select(c => $"release {c.Metadata.Name}"),
        .. changes.ReleaseComposition ? ["release itself"] : Array.Empty<string>(),
    ]);

    private static string Rows(CompositionChanges changes) =>
        string.Join("; ", changes.Rows.Select(r => $"{r.Name} {r.Phase}{(r.Message is null ? "" : $" {r.Message}")}"));

    private static string Spec(Component component) => ApiJson.ToJson(component.Spec, ApiJson.Default.ComponentSpec).ToJsonString();

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
