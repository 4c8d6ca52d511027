using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Sequences;

/// <summary>The invariants of AWS and the status once everything is idle.</summary>
internal sealed partial class SequenceRun
{
    private async Task<bool> AreSteady()
    {
        foreach (var component in components)
        {
            if (component.IsGoing || (await Stored(component))?.Status is { } status
                && (status.Phase is not (Phase.Ready or Phase.Failed)
                    || (status.Phase == Phase.Failed && status.Condition(Condition.Ready)?.Reason != "Conflict")))
                return false;
        }

        return true;
    }

    private async Task AssertInvariants()
    {
        foreach (var component in components)
        {
            Assert.False(component.IsGoing, $"{component.Name} is still there");
            if (component.Config is null)
                continue;
            var status = (await Stored(component))!.Status!;
            var said = $"{component.Name}: {status.Phase} {status.Message}";
            var secret = secrets.FirstOrDefault(s => s.Name == component.SecretName);
            Assert.True(secret is not null, $"there is no secret of {said}");
            var isMine = component.IsWell;
            if (!isMine)
            {
                // Then it has another owner, by name or by value: an existing Component, or an owner outside this cluster.
                Assert.True(secret.OwnerDigest != component.OwnerDigest, said);
                Assert.True(secret.OwnerDigest is null || !IsOfThisCluster(secret)
                    || components.Any(c => c.Config is not null && c.OwnerDigest == secret.OwnerDigest), said);
                // Adopt takes nothing from an existing Component that names the secret.
                var adopts = (bool?)component.Config["adopt"] == true;
                Assert.True(!adopts || components.Any(c => c.SecretName == component.SecretName && c.OwnerDigest == secret.OwnerDigest), said);
                var isPeers = components.Any(c => c.Config is not null && c.OwnerDigest == secret.OwnerDigest);
                Assert.Equal(component.IsAlways || secret.IsScheduled || adopts || isPeers ? Phase.Failed : Phase.Ready, status.Phase);
                if (status.Phase == Phase.Ready || isPeers)
                    Assert.Equal("AlreadyExists", status.Condition("SecretPushed")?.Reason);
                if (isPeers)
                    Assert.StartsWith(
                        $"the secret belongs to default/{components.Single(c => c.OwnerDigest == secret.OwnerDigest).Name}, an existing Component",
                        status.Message, StringComparison.Ordinal);
                continue;
            }

            Assert.Null(status.Applied!["pending"]);
            Assert.Single(status.Applied["targets"]!.AsArray());
            var current = VersionToken.Parse(secret.Current);
            var isCurrentMine = current?.Owner == component.OwnerDigest;
            if (isCurrentMine)
                Assert.Equal(secret.Current, (string?)status.ProviderStatus!["versionId"]);
            if ((string?)status.ProviderStatus!["versionId"] is { } version)
            {
                Assert.Contains(VersionToken.Parse(version)!, written.Of(secret.Arn));
                Assert.Equal(!isCurrentMine, status.Condition("Drifted") is not null);
                Assert.Equal(component.OwnerDigest, VersionToken.Parse(version)!.Owner);
            }

            if (component.IsAlways && isCurrentMine)
            {
                var value = JsonNode.Parse((await cluster.ByHand("GetSecretValue", new { SecretId = secret.Arn })).Ok().Text("SecretString"))!;
                Assert.Equal((string?)component.Config["fields"]!["username"]!["value"], (string?)value["username"]);
                Assert.Equal(1 + Generated, value.AsObject().Count);
                Assert.Equal(1 + Generated, (int?)status.ProviderStatus["fieldCount"]);
            }
        }
    }

    // Every existing secret of ours is in some Component's state, or was left on purpose, or was restored by hand.
    private async Task AssertNothingLeftBehind()
    {
        var remembered = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var component in components)
            remembered.UnionWith((await Targets(component)).Select(Remembered));
        foreach (var secret in secrets.Where(s => !s.IsScheduled && IsOfThisCluster(s)))
        {
            Assert.True(
                remembered.Contains(secret.Arn) || remembered.Contains(secret.Name) || forgotten.Contains(secret.Arn) || forgotten.Contains(secret.Name)
                    || restoredByHand.Contains(secret.Arn)
                || cluster.EventTexts.Any(e => e.Contains($"SecretLeft: left {secret.Name} in place: deletionPolicy is Retain", StringComparison.Ordinal)
                    || e.Contains($"SecretLeft: left {secret.Name} in place: default/", StringComparison.Ordinal)),
                $"{secret.Name} was left behind");
        }
    }

    // If the secret of this ARN no longer exists, the name is used.
    private string? Remembered(JsonNode? target) =>
        (string?)(target!["arn"] is { } arn && secrets.Any(s => s.Arn == (string?)arn) ? arn : target["name"]);

    private bool IsOfThisCluster(SeenSecret secret) => components.Any(c => c.OwnerDigest == secret.OwnerDigest);
}
