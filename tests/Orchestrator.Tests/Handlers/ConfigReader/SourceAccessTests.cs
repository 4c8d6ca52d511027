using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.ConfigReader;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;

namespace DeploymentOrchestrator.Tests.Handlers.ConfigReader;

/// <summary>The account that config-reader reads as, where it may read, and its messages where it may not.</summary>
public sealed class SourceAccessTests
{
    private const string Settings = """{"name":"settings","exports":[{"key":"region"}]}""";
    private const string Web = """{"apiVersion":"v1","kind":"Service","name":"web","exports":[{"path":"spec.clusterIP"}]}""";
    private const string Elsewhere =
        """{"apiVersion":"v1","kind":"Service","name":"web","namespace":"shared","exports":[{"path":"spec.clusterIP","as":"b"}]}""";
    private const string Node = """{"apiVersion":"v1","kind":"Node","name":"n","exports":[{"path":"spec.podCIDR"}]}""";

    private static readonly ServiceAccount Reader = new("apps", "reader");

    private readonly ConfigMaps world = new(
        ("apps", "settings", new() { ["region"] = "eu-west-1" }), ("shared", "common", new() { ["domain"] = "example.org" }));
    private readonly HookedStore store;

    public SourceAccessTests() => store = new(world.Store);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    // Set in the config: it applies to ConfigMaps, too.
    [InlineData("reader", null, Settings, true)]
    [InlineData("reader", "default-one", Settings, true)]
    [InlineData("reader", null, Web, true)]
    // The operator's default: it applies to other kinds only.
    [InlineData(null, "reader", Web, true)]
    [InlineData(null, "reader", Settings, false)]
    [InlineData(null, null, Web, false)]
    [InlineData(null, null, Settings, false)]
    public async Task A_source_is_read_and_followed_as_the_effective_account(string? named, string? byDefault, string source, bool asReader)
    {
        await Create("apps");
        var answer = Assert.IsType<HandlerAnswer.Done>(await Component(new() { DefaultServiceAccount = byDefault }, named, source).Apply());

        Assert.Equal(asReader ? [Reader] : [], store.Accounts);
        Assert.Equal(asReader ? Reader : null, Assert.Single(answer.Watches).As);
    }

    [Fact]
    public async Task A_ConfigMap_beside_another_kind_is_still_read_as_the_operator()
    {
        await Create("apps");
        var answer = Assert.IsType<HandlerAnswer.Done>(await Component(new() { DefaultServiceAccount = "reader" }, null, Settings, Web).Apply());

        Assert.Equal([null, Reader], answer.Watches.Select(w => w.As));
    }

    [Fact]
    public async Task With_an_account_other_namespaces_and_cluster_scoped_kinds_are_read_and_ConfigMaps_without_an_option()
    {
        await Create("shared");
        await world.Store.Create(JsonNode.Parse("""{"apiVersion":"v1","kind":"Node","metadata":{"name":"n"},"spec":{"podCIDR":"10.1.0.0/24"}}""")!.AsObject(),
            Cancellation);
        const string common = """{"name":"common","namespace":"shared","exports":[{"key":"domain"}]}""";
        var answer = Assert.IsType<HandlerAnswer.Done>(await Component(new(), "reader", Elsewhere, Node, common).Apply());

        Assert.Equal("""{"b":"10.0.0.7","podCIDR":"10.1.0.0/24","domain":"example.org"}""", answer.ProviderStatus!.ToJsonString());
        Assert.Contains(answer.Watches, w => w.Type.Kind == "Node" && w.Key == new ObjectKey(null, "n"));
    }

    [Fact]
    public async Task Without_an_account_only_the_Components_namespace_is_read_and_all_that_is_outside_it_is_reported()
    {
        var failed = Failed(FailureKind.Denied, await Component(
            new() { AppliesEverywhere = true, ReadableNamespaces = new HashSet<string> { "shared" } }, null, Elsewhere, Node).Apply());

        Assert.Equal(
            ["sources[0].namespace: \"shared\" is not this Component's namespace \"apps\": name a ServiceAccount of \"apps\" that may read there as "
                + "serviceAccountName",
             "sources[1].kind: a Node is cluster-scoped, and the operator reads in this Component's \"apps\" only: name a ServiceAccount of \"apps\" that may "
                + "read it as serviceAccountName"],
            failed.Problems.Select(p => p.ToString()));
        Assert.Empty(failed.Watches);
    }

    [Fact]
    public async Task The_embedded_store_lets_everything_be_read()
    {
        await Create("shared");
        Assert.IsType<HandlerAnswer.Done>(await Component(OperatorRights.Everything, null, Elsewhere).Apply());
    }

    [Theory]
    [InlineData("reader", null, "sources[0]: ServiceAccount apps/reader may not get, watch services in namespace \"apps\": bind it to a Role there that may")]
    [InlineData(null, null,
        "sources[0]: the operator may not get, watch services in namespace \"apps\": add a ClusterRole with these verbs and the label "
        + "deployment-orchestrator.io/aggregate-to-config-reader: \"true\", or name a ServiceAccount that may as serviceAccountName")]
    [InlineData("reader", "Forbidden",
        "sources[0]: the operator may not act as ServiceAccount apps/reader: give it the verb impersonate on serviceaccounts with resourceNames [reader], "
        + "by a Role in namespace \"apps\", as deploy/overlays/tenants does")]
    [InlineData("reader", "Unavailable", "cannot read Service apps/web as ServiceAccount apps/reader: said so")]
    public async Task A_missing_right_is_denied_with_the_rule_to_add_and_heals(string? account, string? asking, string expected)
    {
        await Create("apps");
        store.Lacking = new("services", ["get", "watch"]);
        store.Before = (call, _) => call == "Get" ? throw new ResourceException(ResourceError.Forbidden, "said so")
            : call == "MissingRights" && asking is not null ? throw new ResourceException(Enum.Parse<ResourceError>(asking), "said so too")
            : Task.CompletedTask;
        var component = Component(new(), account, Web);

        var failed = Failed(FailureKind.Denied, await component.Apply());
        var problem = Assert.Single(failed.Problems).ToString();
        Assert.Equal(expected, problem);
        Assert.InRange(Encoding.UTF8.GetByteCount(problem), 1, MessageText.MaxBytes);
        Assert.Single(failed.Watches);

        store.Before = (_, _) => Task.CompletedTask;
        Assert.IsType<HandlerAnswer.Done>(await component.Apply());
    }

    [Fact]
    public async Task Every_missing_right_is_reported_at_once()
    {
        store.Lacking = new("services", ["get"]);
        store.Before = (call, _) => call == "Get" ? throw new ResourceException(ResourceError.Forbidden, "said so") : Task.CompletedTask;
        var failed = Failed(FailureKind.Denied, await Component(new(), "reader", Web, Elsewhere).Apply());
        Assert.Equal(["sources[0]", "sources[1]"], failed.Problems.Select(p => p.Path));
    }

    [Fact]
    public async Task A_kind_that_is_not_served_yet_is_waited_for_and_its_definition_followed()
    {
        store.Before = (call, _) => call == "IsNamespaced" ? throw new ResourceException(ResourceError.NotServed, "no") : Task.CompletedTask;
        var waiting = Assert.IsType<HandlerAnswer.InProgress>(await Component(
            new(), null, """{"apiVersion":"db.example.com/v1","kind":"Database","name":"a","exports":[{"path":"status.host"}]}""").Apply());

        Assert.Equal("waits for the kind Database of db.example.com/v1, which is not served yet", waiting.Message);
        Assert.Equal(["*.db.example.com", "v1.db.example.com"], waiting.Watches.Select(w => w.Key.Name));
        Assert.Equal(TimeSpan.FromSeconds(30), waiting.RecheckAfter);
    }

    [Fact]
    public async Task A_kind_that_is_served_in_another_version_is_rejected_with_that_one()
    {
        store.Before = (call, _) => call == "IsNamespaced" ? throw new ResourceException(ResourceError.NotServed, "no", ["v1"]) : Task.CompletedTask;
        var failed = Failed(FailureKind.Rejected, await Component(
            new(), null, """{"apiVersion":"db.example.com/v2","kind":"Database","name":"a","exports":[{"path":"status.host"}]}""").Apply());

        Assert.Equal("sources[0].apiVersion: db.example.com/v2 is not served for Database: write db.example.com/v1", Assert.Single(failed.Problems).ToString());
    }

    [Theory]
    [InlineData("Service", Web, "sources[0].kind: Service cannot be read: the operator runs with --unreadable-kinds Service")]
    [InlineData("configmap", Settings, "sources[0].kind: ConfigMap cannot be read: the operator runs with --unreadable-kinds configmap")]
    public async Task A_kind_that_an_administrator_does_not_let_be_read_is_denied(string kind, string source, string expected)
    {
        await Create("apps");
        var rights = new OperatorRights { Unreadable = UnreadableKinds.Known.And([UnreadableKind.Parse(kind)!]) };
        var reads = 0;
        store.Before = (call, _) => Task.FromResult(call == "Get" ? ++reads : 0);
        var failed = Failed(FailureKind.Denied, await Component(rights, "reader", source).Apply());

        Assert.Equal(expected, Assert.Single(failed.Problems).ToString());
        Assert.Equal(0, reads);
        Assert.Empty(failed.Watches);
    }

    [Fact]
    public async Task A_Component_does_not_read_itself()
    {
        var failed = Failed(FailureKind.InvalidConfig, await Component(new(), "reader",
            """{"apiVersion":"deployment-orchestrator.io/v1alpha1","kind":"Component","name":"thing","exports":[{"path":"status.phase"}]}""").Apply());

        Assert.Equal(
            "sources[0]: is this Component itself, whose outputs would be their own source: read another object", Assert.Single(failed.Problems).ToString());
    }

    private static HandlerAnswer.Failed Failed(FailureKind kind, HandlerAnswer answer)
    {
        var failed = Assert.IsType<HandlerAnswer.Failed>(answer);
        Assert.Equal(kind, failed.Kind);
        return failed;
    }

    private HandledComponent Component(OperatorRights rights, string? account, params string[] sources)
    {
        var config = JsonNode.Parse($$"""{"sources":[{{string.Join(',', sources)}}]}""")!.AsObject();
        if (account is not null)
            config["serviceAccountName"] = account;
        return new(new ConfigReaderHandler(store, rights), config);
    }

    private Task<JsonObject> Create(string @namespace) => world.Store.Create(
        JsonNode.Parse($$$"""
            {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"{{{@namespace}}}","name":"web"},"spec":{"clusterIP":"10.0.0.7"}}
            """)!.AsObject(), Cancellation);
}
