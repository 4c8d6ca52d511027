using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>The world before the attack.</summary>
internal sealed partial class EscapeCell
{
    private const string Place = "place";

    private Origin Origin => rule.Victim.Origin;

    private async Task MakeWorld()
    {
        if (Origin is Origin.TakenOver or Origin.Scheduled)
            await MakeTenantsOwn();
        if (Origin == Origin.NowhereForNow)
            await MakePlace();
        // The neighbour's Component always has a secret; the victim may be another one.
        var owned = Origin is Origin.Hand or Origin.Scheduled ? EscapeRule.In(world, "PREFIX/theirs/db") : VictimName;
        if (Origin == Origin.TakenOver)
            await PutPolicy($"freedom-of-{world.Prefix}", FreeSpec(world.Neighbour, takeOverFrom: world.Namespace));
        else
            await MakePolicyOfNeighbour();
        var config = JsonNode.Parse($$$"""
            {"region":"us-east-1","secretName":"{{{owned}}}","deletionPolicy":"Retain",
             "fields":{"user":{"value":"theirs"},"password":{"generator":{"passwordLength":24} } } }
            """)!.AsObject();
        if (Origin == Origin.NowhereForNow)
            config["region"] = $"{{{{ .{Place}.providerStatus.v }}}}";
        await world.Platform.Create(NewResource.Component(world.Neighbour, Owner, "secret-push", config), Cancellation);
        await PutWalls();
        if (rule.SecondPolicyIn(world) is { } second)
            await PutPolicy($"more-{PolicyName}", second);
        if (Origin == Origin.Hand)
        {
            var client = await SecretsPicture.Client(world, rule.Victim.Region, rule.Victim.Account);
            (await client.Call("CreateSecret", new { Name = VictimName, SecretString = "theirs", ClientRequestToken = AwsJsonClient.NewToken() })).Ok();
        }

        await world.Quiet();
        Backup = (await NeighboursComponent())!;
        if (Origin == Origin.DeletedComponent)
        {
            await DeleteNeighbour();
            await world.Quiet();
        }
        else if (Origin == Origin.NowhereForNow)
            await LosePlace();
    }

    // Created, and left in place.
    private async Task MakeTenantsOwn()
    {
        await PutFreedom();
        await world.Quiet();
        var config = Good;
        (config["secretName"], config["deletionPolicy"]) = (VictimName, "Retain");
        await Put(config);
        await world.Quiet();
        OwnBackup = await Stored();
        await Delete();
        await world.Quiet();
        if (Origin == Origin.Scheduled)
        {
            var client = await SecretsPicture.Client(world, rule.Victim.Region, rule.Victim.Account);
            (await client.Call("DeleteSecret", new { SecretId = VictimName, RecoveryWindowInDays = 30 })).Ok();
        }
    }

    private async Task MakePlace()
    {
        await Platform(NewResource.ConfigMap(world.Neighbour, Place, ("v", "us-east-1")));
        await Platform(NewResource.Component(world.Neighbour, Place, "config-reader", JsonNode.Parse(
            $$"""{"sources":[{"name":"{{Place}}","exports":[{"key":"v"}]}]}""")!.AsObject()));
    }

    private async Task LosePlace()
    {
        await world.Platform.Delete(ResourceType.Component, new(world.Neighbour, Place), new(), Cancellation);
        await world.Quiet();
        await SetStatus([], world.Neighbour, Owner);
        await world.Quiet();
    }
}
