using System.Text.Json.Nodes;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>Every secret of a world, in all its regions and accounts, as AWS describes it.</summary>
internal static class SecretsPicture
{
    private static readonly string[] Regions = ["us-east-1", "eu-west-1"];
    private static readonly string[] Accounts = [EscapeRule.OwnAccount, "222222222222", EscapeRule.OtherAccount];

    /// <summary>The descriptions by account, region and name.</summary>
    public static async Task<Dictionary<string, JsonObject>> Of(IEscapeWorld world)
    {
        var found = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var account in Accounts)
        {
            foreach (var region in Regions)
            {
                var client = await Client(world, region, account);
                string? next = null;
                do
                {
                    var page = (await client.Call("ListSecrets", new { IncludePlannedDeletion = true, MaxResults = 100, NextToken = next })).Ok();
                    foreach (var name in page["SecretList"]!.AsArray().Select(s => (string)s!["Name"]!)
                        .Where(n => n.StartsWith($"{world.Prefix}/", StringComparison.Ordinal)))
                        found[$"{account} {region} {name}"] = (await client.Call("DescribeSecret", new { SecretId = name })).Ok().Json;
                    next = (string?)page["NextToken"];
                }
                while (next is not null);
            }
        }

        return found;
    }

    /// <summary>A client of an account, through a role there if it is not the operator's own account.</summary>
    public static async Task<AwsJsonClient> Client(IEscapeWorld world, string region, string account) =>
        account == EscapeRule.OwnAccount
            ? new(world.SecretsManager.Endpoint, region)
            : new(world.SecretsManager.Endpoint, region, await AwsJsonClient.AccessKeyOf(world.SecretsManager.Endpoint, account));
}
