using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Tests.Deploy;

/// <summary>The shipped RBAC is minimal and consistent. The end-to-end tests prove that it suffices.</summary>
public sealed class RightsTests
{
    private const string Administrators = "rbac.authorization.k8s.io/aggregate-to-";
    private const string Aggregated = "deployment-orchestrator.io/aggregate-to-manifests";

    private static readonly IReadOnlyList<JsonNode> Shipped = DeployFolder.Resources("base");

    private static IEnumerable<JsonNode> Added => DeployFolder.Resources("overlays/cluster-wide").Where(r => (string?)r["kind"] is "Role" or "ClusterRole");

    private static IEnumerable<JsonNode> Roles => Shipped.Where(r => (string?)r["kind"] is "Role" or "ClusterRole");

    [Fact]
    public void The_shipped_roles_have_exactly_these_rights() => Assert.Equal(
        [
            "apiservices.apiregistration.k8s.io: list watch",
            "components.deployment-orchestrator.io: list watch create update delete",
            "components/status.deployment-orchestrator.io: update",
            "compositions.deployment-orchestrator.io: list watch update",
            "compositions/status.deployment-orchestrator.io: update",
            "customresourcedefinitions.apiextensions.k8s.io: list watch",
            "events.: create update",
            "leases.coordination.k8s.io: create",
            "leases.coordination.k8s.io: get update of dorch-operator",
            "namespaces.: get list watch",
            "secretpolicies.deployment-orchestrator.io: get list watch create update patch delete",
            "secretpolicies.deployment-orchestrator.io: list watch",
        ],
        Roles.SelectMany(Rules).SelectMany(Told).Order(StringComparer.Ordinal));

    [Fact]
    public void ConfigMaps_and_ExternalSecrets_are_an_overlays_rights() => Assert.Equal(
        ["configmaps.: get list watch", "externalsecrets.external-secrets.io: get list watch create patch delete"],
        Added.SelectMany(Rules).SelectMany(Told).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("overlays/namespaced")]
    [InlineData("overlays/tenants")]
    public void Overlays_for_teams_grant_both_in_a_namespace_alone(string folder)
    {
        var added = DeployFolder.Resources(folder).Where(r => (string?)r["kind"] is "Role" or "ClusterRole" && r["rules"] is not null).ToList();

        Assert.All(added, r => Assert.Equal(("Role", "myapp"), ((string?)r["kind"], (string?)r["metadata"]!["namespace"])));
        Assert.Contains("configmaps.: get list watch", added.SelectMany(Rules).SelectMany(Told));
        Assert.Contains("externalsecrets.external-secrets.io: get list watch create patch delete", added.SelectMany(Rules).SelectMany(Told));
    }

    [Fact]
    public void No_rule_has_a_wildcard() =>
        Assert.All(
            Roles.Concat(Added).SelectMany(Rules).SelectMany(rule => rule.AsObject()).SelectMany(part => Texts(part.Value)),
            text => Assert.DoesNotContain('*', text));

    [Fact]
    public void Leases_are_written_in_the_operators_own_namespace_only()
    {
        var role = Assert.Single(Roles, r => Rules(r).Any(rule => Texts(rule["resources"]).Contains("leases")));

        Assert.Equal(("Role", "deployment-orchestrator"), ((string?)role["kind"], (string?)role["metadata"]!["namespace"]));
    }

    [Fact]
    public void Administrators_write_SecretPolicies_and_neither_tenants_nor_the_operator_do()
    {
        string[] writing = ["create", "update", "patch", "delete"];
        var writes = Roles.Where(role => Rules(role).Any(rule =>
            Texts(rule["resources"]).Contains("secretpolicies") && Texts(rule["verbs"]).Intersect(writing, StringComparer.Ordinal).Any()));

        var labels = Assert.Single(writes)["metadata"]!["labels"]!.AsObject().Select(l => l.Key).ToList();
        Assert.Equal([$"{Administrators}admin"], labels.Where(l => l.StartsWith(Administrators, StringComparison.Ordinal) || l == Aggregated));
    }

    [Fact]
    public void The_manifest_handler_may_apply_what_labelled_ClusterRoles_allow()
    {
        var role = Shipped.Named("ClusterRole", "dorch-operator-manifests");

        var selector = Assert.Single(role["aggregationRule"]!["clusterRoleSelectors"]!.AsArray())!["matchLabels"]!.AsObject();
        Assert.Equal([new(Aggregated, "true")], selector.Select(l => KeyValuePair.Create(l.Key, (string?)l.Value)));
        Assert.Null(role["rules"]);
        Assert.Equal(
            "dorch-manifests-external-secrets",
            (string?)Assert.Single(Added, r => (string?)r["metadata"]!["labels"]![Aggregated] == "true")["metadata"]!["name"]);
        Assert.DoesNotContain(Roles, r => (string?)r["metadata"]!["labels"]![Aggregated] == "true");
    }

    [Fact]
    public void The_config_reader_may_read_what_labelled_ClusterRoles_allow_and_none_is_shipped()
    {
        const string label = "deployment-orchestrator.io/aggregate-to-config-reader";
        var role = Shipped.Named("ClusterRole", "dorch-operator-config-reader");

        var selector = Assert.Single(role["aggregationRule"]!["clusterRoleSelectors"]!.AsArray())!["matchLabels"]!.AsObject();
        Assert.Equal([new(label, "true")], selector.Select(l => KeyValuePair.Create(l.Key, (string?)l.Value)));
        Assert.Null(role["rules"]);
        Assert.DoesNotContain(Roles.Concat(Added), r => r["metadata"]!["labels"]!.AsObject().ContainsKey(label));
    }

    [Fact]
    public void Every_role_but_members_is_bound_to_the_operator_alone()
    {
        var bindings = Shipped.Where(r => (string?)r["kind"] is "RoleBinding" or "ClusterRoleBinding").ToList();

        Assert.All(bindings, binding =>
        {
            var subject = Assert.Single(binding["subjects"]!.AsArray())!;
            Assert.Equal(
                ("ServiceAccount", "dorch-operator", "deployment-orchestrator"),
                ((string?)subject["kind"], (string?)subject["name"], (string?)subject["namespace"]));
        });
        Assert.Equal(
            Roles.Where(r => !r["metadata"]!["labels"]!.AsObject().Any(l => l.Key == Aggregated || l.Key.StartsWith(Administrators, StringComparison.Ordinal)))
                .Select(r => $"{r["kind"]}/{r["metadata"]!["name"]}").Order(StringComparer.Ordinal),
            bindings.Select(b => $"{b["roleRef"]!["kind"]}/{b["roleRef"]!["name"]}").Order(StringComparer.Ordinal));
    }

    private static IEnumerable<JsonNode> Rules(JsonNode role) => (role["rules"] as JsonArray ?? []).Select(r => r!);

    private static IEnumerable<string> Told(JsonNode rule) =>
        from resource in Texts(rule["resources"])
        from @group in Texts(rule["apiGroups"])
        let names = string.Join(" ", Texts(rule["resourceNames"]))
        select $"{resource}.{@group}: {string.Join(" ", Texts(rule["verbs"]))}{(names.Length > 0 ? $" of {names}" : "")}";

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(t => (string)t!);
}
