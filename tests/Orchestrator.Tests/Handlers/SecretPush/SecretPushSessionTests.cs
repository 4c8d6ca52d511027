using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>The session of a role has the namespace as name and tag, by which IAM isolates namespaces, too.</summary>
public sealed class SecretPushSessionTests
{
    private const string Role = "arn:aws:iam::222222222222:role/dorch-tenants";

    private const string Wall = """
        {"Effect":"Allow","Action":"secretsmanager:GetRandomPassword","Resource":"*"},
        {"Effect":"Allow","Action":"secretsmanager:*","Resource":"arn:aws:secretsmanager:*:*:secret:${aws:PrincipalTag/dorch-namespace}/*"}
        """;

    [Fact]
    public async Task A_session_of_one_namespace_cannot_write_the_secrets_of_another()
    {
        await using var cluster = await Start("\"sts:AssumeRole\",\"sts:TagSession\"");

        await cluster.PutComponent("own", PushedSecret.Config("""{"secretName": "default/db"}"""));
        await cluster.PutComponent("theirs", PushedSecret.Config("""{"secretName": "other/db"}"""));
        await cluster.WhenQuiet();

        var own = (await cluster.Component("own")).Status!;
        Assert.Equal((Phase.Ready, true), (own.Phase, ((string)own.ProviderStatus!["secretArn"]!).Contains(":222222222222:", StringComparison.Ordinal)));
        var theirs = (await cluster.Component("theirs")).Status!;
        Assert.Equal("Denied", theirs.Condition(Condition.Ready)!.Reason);
        Assert.Contains("assumed-role/dorch-tenants/dorch-default", theirs.Condition(Condition.Ready)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_whose_sessions_may_not_be_tagged_is_reported_with_the_right_that_is_missing()
    {
        await using var cluster = await Start("\"sts:AssumeRole\"");

        await cluster.PutComponent("own", PushedSecret.Config("""{"secretName": "default/db"}"""));
        await cluster.WhenQuiet();

        Assert.StartsWith(
            "AssumeRole: needs sts:AssumeRole and sts:TagSession, in the caller's policy and in the role's trust policy: AccessDenied",
            (await cluster.Component("own")).Status!.Message, StringComparison.Ordinal);
    }

    private static async Task<EmbeddedCluster> Start(string actions)
    {
        var iam = IamPolicy.Parse($$$"""{"Statement":[{"Effect":"Allow","Action":[{{{actions}}}],"Resource":"{{{Role}}}"},{{{Wall}}}]}""");
        var cluster = await EmbeddedCluster.StartAsync(iam: iam, hasWalls: true);
        cluster.TenantRole = Role;
        await cluster.Restart();
        return cluster;
    }
}
