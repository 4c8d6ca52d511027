using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Tests.Policies;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

public sealed partial class ClusterPlanTests
{
    private const string Plain = """
        {"name":"credentials","type":"secret-push","config":{"secretName":"app/credentials","fields":{"password":{"generator":{"passwordLength":20}}}}}
        """;

    [Fact]
    public async Task A_denial_by_a_policy_of_the_cluster_fails_with_policy_and_rule()
    {
        await Cluster.Put(PolicyYaml.Object("{namespaces: {matchNames: [default]}, allow: {secretNames: [theirs/*]}}"));

        var items = Items(await Plan(1, Plain));

        Assert.Contains(items, item => item.StartsWith("fail app-credentials secret app/credentials", StringComparison.Ordinal)
            && item.EndsWith(
                ": secretName: SecretPolicy team-b, allow.secretNames: secretName app/credentials is not allowed; allowed is theirs/*",
                StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_shows_what_a_policy_fills_in()
    {
        await Cluster.Put(PolicyYaml.Object("{namespaces: {}, allow: {secretNames: [app/*]}, mandatory: {region: eu-west-1}}"));

        Assert.Contains($"create app-credentials {Secret}: it does not exist", Items(await Plan(0, Plain)));
    }

    [Fact]
    public async Task Without_the_right_to_read_policies_plan_warns_that_denials_show_as_allowed()
    {
        var store = new HookedStore(Cluster.Store)
        {
            Before = (_, kind) => kind == "SecretPolicy" ? throw new ResourceException(ResourceError.Forbidden, "no right") : Task.CompletedTask,
        };

        var run = await CommandLineRun.Of(
            ["plan", example.Write("app.json", Composition(Plain).ToJsonString()), "--cluster", "--cluster-id", "test"], cluster: store);

        Assert.Contains(
            "dorch: the cluster's SecretPolicies and Namespaces cannot be read, so what they deny shows as allowed: no right\n", run.Error,
            StringComparison.Ordinal);
    }
}
