using DeploymentOrchestrator.SecretsManager.Sdk;
using Microsoft.AspNetCore.Http;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>A role's session names its namespace when namespaces are isolated.</summary>
public sealed class RoleSessionTests
{
    private const string Role = "arn:aws:iam::333333333333:role/pusher";

    [Fact]
    public async Task A_session_is_named_after_its_namespace_and_tagged_with_it()
    {
        await using var aws = await Start();
        using var clients = new SecretsManagerClients(EmbeddedAws.Client(aws.Endpoint));
        var name = new string('a', 63);
        await clients.For(null, Role, "id", "web").DescribeSecret("db", TestContext.Current.CancellationToken);
        await clients.For(null, Role, null, name).DescribeSecret("db", TestContext.Current.CancellationToken);
        await clients.For(null, Role, null).DescribeSecret("db", TestContext.Current.CancellationToken);

        var assumed = aws.Calls.Where(c => c.Body.Contains("Action=AssumeRole", StringComparison.Ordinal)).Select(c => c.Body).ToList();
        Assert.Equal(3, assumed.Count);
        Assert.Contains("RoleSessionName=dorch-web&Tags.member.1.Key=dorch-namespace&Tags.member.1.Value=web&", assumed[0] + "&", StringComparison.Ordinal);
        Assert.Contains($"RoleSessionName=dorch-{name[..58]}&Tags.member.1.Key=dorch-namespace&Tags.member.1.Value={name}&", assumed[1] + "&",
            StringComparison.Ordinal);
        Assert.Contains("RoleSessionName=deployment-orchestrator&", assumed[2] + "&", StringComparison.Ordinal);
        Assert.DoesNotContain("Tags", assumed[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Clients_are_kept_for_each_namespace_where_there_is_a_role()
    {
        using var clients = new SecretsManagerClients(EmbeddedAws.Client(new("http://127.0.0.1:1")));

        Assert.Same(clients.For(null, Role, null, "a"), clients.For(null, Role, null, "a"));
        Assert.NotSame(clients.For(null, Role, null, "a"), clients.For(null, Role, null, "b"));
        Assert.Same(clients.For(null, null, null, "a"), clients.For(null, null, null, "b"));
    }

    [Fact]
    public async Task A_tenants_role_is_assumed_where_none_is_named_and_for_a_namespace_only()
    {
        await using var aws = await Start();
        using var clients = new SecretsManagerClients(EmbeddedAws.Client(aws.Endpoint) with { TenantRole = Role });

        await clients.For(null, null, null, "web").DescribeSecret("db", TestContext.Current.CancellationToken);
        Assert.Contains("role%2Fpusher", Assert.Single(aws.Calls, c => c.Body.Contains("Action=AssumeRole", StringComparison.Ordinal)).Body,
            StringComparison.Ordinal);
        Assert.NotSame(clients.For(null, null, null, "a"), clients.For(null, null, null, "b"));
        Assert.Same(clients.For(null, null, null, "a"), clients.For(null, Role, null, "a"));
        Assert.NotSame(clients.For(null, null, null), clients.For(null, null, null, "a"));
    }

    private static Task<ScriptedServer> Start() => ScriptedServer.Start((context, _) => context.Request.HasFormContentType
        ? context.Response.WriteAsync("""
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIATEST</AccessKeyId>
            <SecretAccessKey>made-up</SecretAccessKey><SessionToken>made-up</SessionToken>
            <Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
            """)
        : context.Response.WriteAsync("""{"ARN":"arn","Name":"db"}"""));
}
