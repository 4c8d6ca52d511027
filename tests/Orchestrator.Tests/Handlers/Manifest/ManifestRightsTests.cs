using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using static DeploymentOrchestrator.Tests.Handlers.Manifest.ManifestWorld;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

/// <summary>The account that a Component applies as, where it may apply, and its messages where it may not.</summary>
public sealed class ManifestRightsTests
{
    private static readonly ResourceType ClusterRole = new("rbac.authorization.k8s.io", "v1", "ClusterRole");
    private static readonly ServiceAccount Deployer = new("apps", "deployer");

    private readonly ManifestWorld world = new();
    private readonly HookedStore store;

    public ManifestRightsTests() => store = new(world.Store);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ServiceAccount_of_the_Components_namespace_applies_follows_and_deletes()
    {
        var component = Component(new(), "deployer", ConfigMap("a"));

        var answer = Assert.IsType<HandlerAnswer.Done>(await component.Apply());

        Assert.Equal([Deployer], store.Accounts);
        Assert.All(answer.Watches, w => Assert.Equal(Deployer, w.As));
        Assert.IsType<HandlerAnswer.Done>(await component.Delete());
        Assert.Equal([Deployer, Deployer], store.Accounts);
    }

    [Fact]
    public async Task As_a_ServiceAccount_other_namespaces_and_cluster_scoped_kinds_are_applied_pruned_and_deleted()
    {
        var component = Component(new(), "deployer", In("default", ConfigMap("a")), ConfigMap("b"), Role("r"), Role("s"));
        var answer = Assert.IsType<HandlerAnswer.Done>(await component.Apply());

        Assert.NotNull(await world.Store.Get(ResourceType.ConfigMap, new("default", "a"), Cancellation));
        Assert.NotNull(await world.Store.Get(ClusterRole, new(null, "r"), Cancellation));
        Assert.Equal("""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","name":"r"}""",
            answer.ProviderStatus!["appliedResources"]![2]!.ToJsonString());
        Assert.Contains(answer.Watches, w => w.Type == ClusterRole && w.Key == new ObjectKey(null, "r"));

        component.Config = WithAccount("deployer", ConfigMap("b"), Role("s"));
        Assert.Equal(
            ["Deleted ClusterRole r", "Deleted ConfigMap default/a"], Assert.IsType<HandlerAnswer.Done>(await component.Apply()).Events.Select(e => e.Message));

        Assert.IsType<HandlerAnswer.Done>(await component.Delete());
        Assert.Empty((await world.Store.List(ClusterRole, null, Cancellation)).Items);
        Assert.Empty(await world.Text());
    }

    [Theory]
    [InlineData(null, "default-one")]
    [InlineData("deployer", "deployer")]
    public async Task The_operators_default_counts_where_the_config_names_none(string? named, string expected)
    {
        await Component(new() { DefaultServiceAccount = "default-one" }, named, In("default", ConfigMap("a"))).Apply();

        Assert.Equal([new("apps", expected)], store.Accounts);
        Assert.NotNull(await world.Store.Get(ResourceType.ConfigMap, new("default", "a"), Cancellation));
    }

    [Fact]
    public async Task Without_a_ServiceAccount_only_the_Components_namespace_is_allowed_and_every_object_outside_it_is_reported()
    {
        var component = Component(new(), null, ConfigMap("a"), Role("r"), In("default", ConfigMap("b")));

        var failed = Failed(FailureKind.Denied, await component.Apply());

        Assert.Equal(
            ["manifests[1].kind: a ClusterRole is cluster-scoped, and the operator applies in this Component's \"apps\" only: name a ServiceAccount of "
                + "\"apps\" that may write it as serviceAccountName, or have the operator run with --manifest-scope cluster",
             "manifests[2].metadata.namespace: \"default\" is not this Component's namespace \"apps\": name a ServiceAccount of \"apps\" that may write "
                + "there as serviceAccountName, or put the Composition into \"default\""],
            failed.Problems.Select(p => p.ToString()));
        Assert.Empty(store.Accounts);
        Assert.Empty(await world.Text());
    }

    [Fact]
    public async Task An_operator_with_cluster_wide_scope_applies_everywhere_by_its_own_rights()
    {
        var component = Component(OperatorRights.Everything, null, Role("r"), In("default", ConfigMap("b")));

        Assert.IsType<HandlerAnswer.Done>(await component.Apply());
        Assert.Empty(store.Accounts);
        Assert.IsType<HandlerAnswer.Done>(await component.Delete());
        Assert.Empty((await world.Store.List(ClusterRole, null, Cancellation)).Items);
    }

    [Fact]
    public async Task After_a_change_of_the_ServiceAccount_the_present_one_prunes()
    {
        var component = Component(new(), "deployer", ConfigMap("a"), ConfigMap("b"));
        await component.Apply();
        store.Accounts.Clear();

        component.Config = WithAccount("other", ConfigMap("b"));
        Assert.IsType<HandlerAnswer.Done>(await component.Apply());

        Assert.Equal([new("apps", "other")], store.Accounts);
        Assert.Null(await world.Get(ResourceType.ConfigMap, "a"));
    }

    [Fact]
    public async Task Without_the_ServiceAccount_that_applied_them_objects_out_of_reach_are_not_pruned_by_the_operators_rights()
    {
        var component = Component(new(), "deployer", In("default", ConfigMap("a")), ConfigMap("b"));
        await component.Apply();

        component.Config = Config(ConfigMap("b"));
        var failed = Failed(FailureKind.Denied, await component.Apply());

        Assert.StartsWith("cannot delete ConfigMap default/a: \"default\" is not this Component's namespace", Assert.Single(failed.Problems).Message,
            StringComparison.Ordinal);
        Assert.NotNull(await world.Store.Get(ResourceType.ConfigMap, new("default", "a"), Cancellation));
    }

    [Theory]
    [InlineData("\"not a name\"")]
    [InlineData("5")]
    [InlineData("\"{{ .other.providerStatus.account }}\"")]
    public async Task A_ServiceAccount_that_cannot_be_read_does_not_block_the_deletion_by_the_last_one(string account)
    {
        var component = Component(new(), "deployer", In("default", ConfigMap("a")));
        await component.Apply();
        store.Accounts.Clear();
        component.Config["serviceAccountName"] = JsonNode.Parse(account);

        Assert.IsType<HandlerAnswer.Done>(await component.Delete());

        Assert.Equal([Deployer], store.Accounts);
        Assert.Null(await world.Store.Get(ResourceType.ConfigMap, new("default", "a"), Cancellation));
    }

    [Fact]
    public async Task The_Components_own_Namespace_is_refused()
    {
        var failed = Failed(FailureKind.InvalidConfig, await Component(new(), "deployer", Object("v1", "Namespace", "apps")).Apply());

        Assert.Equal(
            ["manifests[0]: Namespace apps contains this Component, so its deletion would wait for the Component's: apply Namespace apps separately"],
            failed.Problems.Select(p => p.ToString()));
    }

    [Theory]
    [InlineData("deployer", null,
        "manifests[0]: ServiceAccount apps/deployer may not create, patch configmaps in namespace \"apps\": bind it to a Role there that may")]
    [InlineData(null, null,
        "manifests[0]: the operator may not create, patch configmaps in namespace \"apps\": add a ClusterRole with these verbs and the label "
        + "deployment-orchestrator.io/aggregate-to-manifests: \"true\", or name a ServiceAccount that may as serviceAccountName")]
    [InlineData("deployer", "Forbidden",
        "manifests[0]: the operator may not act as ServiceAccount apps/deployer: give it the verb impersonate on serviceaccounts with "
        + "resourceNames [deployer], by a Role in namespace \"apps\", as deploy/overlays/tenants does")]
    [InlineData("deployer", "Unavailable", "manifests[0]: may not apply ConfigMap apps/a as ServiceAccount apps/deployer: said so")]
    public async Task A_missing_right_is_named_with_whom_to_give_it(string? account, string? asking, string expected)
    {
        store.Lacking = new("configmaps", ["create", "patch"]);
        store.Before = (call, _) => call == "Apply" ? throw new ResourceException(ResourceError.Forbidden, "said so")
            : call == "MissingRights" && asking is not null ? throw new ResourceException(Enum.Parse<ResourceError>(asking), "said so too")
            : Task.CompletedTask;

        var failed = Failed(FailureKind.Denied, await Component(new(), account, ConfigMap("a")).Apply());

        Assert.Equal(expected, Assert.Single(failed.Problems).ToString());
    }

    [Fact]
    public async Task A_missing_right_to_a_cluster_scoped_kind_asks_for_a_ClusterRole()
    {
        var component = Component(new(), "deployer", Role("r"));
        await component.Apply();
        store.Lacking = new("clusterroles.rbac.authorization.k8s.io", ["delete"]);
        store.Before = (call, _) => call == "Delete" ? throw new ResourceException(ResourceError.Forbidden, "said so") : Task.CompletedTask;

        var failed = Failed(FailureKind.Denied, await component.Delete());

        Assert.Equal(
            "ServiceAccount apps/deployer may not delete clusterroles.rbac.authorization.k8s.io: bind it to a ClusterRole that may",
            Assert.Single(failed.Problems).ToString());
    }

    private static JsonObject Role(string name) => Object("rbac.authorization.k8s.io/v1", "ClusterRole", name);

    private static JsonObject WithAccount(string account, params JsonObject[] manifests)
    {
        var config = Config(manifests);
        config["serviceAccountName"] = account;
        return config;
    }

    private static HandlerAnswer.Failed Failed(FailureKind kind, HandlerAnswer answer)
    {
        var failed = Assert.IsType<HandlerAnswer.Failed>(answer);
        Assert.Equal(kind, failed.Kind);
        return failed;
    }

    private HandledComponent Component(OperatorRights rights, string? account, params JsonObject[] manifests) =>
        new(new ManifestHandler(store, ReadinessRule.WhenApplied, rights, TimeProvider.System), account is null
            ? Config(manifests) : WithAccount(account, manifests));
}
