using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Sequences;

/// <summary>Changes of the secrets by other clients.</summary>
internal sealed partial class SequenceRun
{
    // The name in calls that only consume faults.
    private const string Nobody = "nobody";

    private async Task Interfere(string name)
    {
        var there = secrets.FirstOrDefault(s => s.Name == name);
        switch (random.Next(4))
        {
            case 0 when there is null:
            case 1 when there is null:
                Note($"somebody creates {name}");
                var token = AwsJsonClient.NewToken();
                if (await ByHand("CreateSecret", new { Name = name, SecretString = "theirs", ClientRequestToken = token }) is { Status: 200 } created)
                {
                    foreign[created.Arn] = new(new(created.Arn, name, false, new Dictionary<string, string>(), token, [token]), Now);
                    foreach (var component in components.Where(c => c.SecretName == name))
                        component.Happens(Due.Maybe, setsSlots: true);
                }

                break;
            case 0 when there is not null:
                Note($"somebody writes a value to {name}");
                var version = AwsJsonClient.NewToken();
                if ((await ByHand("PutSecretValue", new { SecretId = name, SecretString = "theirs", ClientRequestToken = version })).Status == 200
                    && foreign.TryGetValue(there.Arn, out var written))
                    written.Wrote(version);
                await Hidden(name);
                break;
            case 1 when there is not null:
                await Tag(there, "theirs", $"{drawn++}");
                break;
            case 2 when there is not null && random.Next(2) == 0:
                if (await Tag(there, SecretOwner.TagKey, "another-cluster/default/first"))
                    foreign[there.Arn] = new((await SeenSecret.All(aws)).Single(s => s.Arn == there.Arn), DateTimeOffset.MinValue);
                break;
            case 3 when there is not null && replicated.Contains(there.Arn):
                await Unreplicate(there.Arn);
                break;
            case 3 when there is not null:
                Note($"somebody replicates {name}");
                if ((await ByHand("ReplicateSecretToRegions",
                    new { SecretId = there.Arn, AddReplicaRegions = new[] { new { Region = ReplicaRegion } } })).Status == 200)
                    replicated.Add(there.Arn);
                break;
        }
    }

    // Two values of another client hide ours; if the status that knew of it is lost as well, no call of secret-push can find it.
    private async Task Hidden(string name)
    {
        var seen = (await SeenSecret.All(aws)).FirstOrDefault(s => s.Name == name);
        if (seen is null || seen.Versions.Any(v => VersionToken.Parse(v) is { } token && components.Any(c => c.OwnerDigest == token.Owner)))
            return;
        foreach (var component in components.Where(c => c.SecretName == name))
        {
            if ((await Stored(component))?.Status?.Applied?["inputs"] is null)
                component.Happens(Due.Maybe, setsSlots: true);
        }
    }

    // Now it can be deleted.
    private async Task Unreplicate(string arn)
    {
        Note($"somebody takes the replica of {arn} away");
        await ByHand("RemoveRegionsFromReplication", new { SecretId = arn, RemoveReplicaRegions = new[] { ReplicaRegion } });
        replicated.Remove(arn);
    }

    private async Task<bool> Tag(SeenSecret secret, string key, string value)
    {
        Note($"somebody tags {secret.Name} {key}={value}");
        if ((await ByHand("TagResource", new { SecretId = secret.Arn, Tags = new[] { new { Key = key, Value = value } } })).Status != 200)
            return false;
        if (foreign.TryGetValue(secret.Arn, out var theirs))
            theirs.Tags[key] = value;
        if (key != SecretOwner.TagKey)
            foreignTags[secret.Arn] = value;
        return true;
    }

    private async Task DeleteByHand(string name)
    {
        if (secrets.FirstOrDefault(s => s.Name == name) is not { } secret)
            return;
        if (secret.IsScheduled)
        {
            Note($"somebody restores {name}");
            if ((await ByHand("RestoreSecret", new { SecretId = secret.Arn })).Status == 200)
            {
                restoredByHand.Add(secret.Arn);
                if (foreign.TryGetValue(secret.Arn, out var theirs))
                    theirs.IsScheduled = false;
            }
        }
        else
        {
            var isForced = random.Next(2) == 0;
            Note($"somebody deletes {name} {(isForced ? "for good" : "")}");
            var answer = await (isForced
                ? ByHand("DeleteSecret", new { SecretId = secret.Arn, ForceDeleteWithoutRecovery = true })
                : ByHand("DeleteSecret", new { SecretId = secret.Arn }));
            if (answer.Status == 200)
            {
                lagsUntil = lags && isForced ? Now.AddSeconds(10) : lagsUntil;
                restoredByHand.Remove(secret.Arn);
                if (foreign.TryGetValue(secret.Arn, out var theirs))
                    (theirs.IsScheduled, theirs.IsGone) = (!isForced, isForced);
            }
        }

        foreach (var component in components.Where(c => c.SecretName == name))
            component.Happens(Due.Maybe, setsSlots: true);
    }

    // Another client's call; a fault for the program's next call is consumed before it.
    private async Task<Answer> ByHand(string operation, object parameters)
    {
        await UseUp(operation);
        return await aws.Call(operation, parameters);
    }

    private async Task UseUp(string operation)
    {
        for (Look(); queued.GetValueOrDefault(operation) > 0; Look())
        {
            try
            {
                await aws.Call(operation, new { SecretId = Nobody, Name = "no name" });
            }
            catch (HttpRequestException)
            {
                // The connection was cut on purpose.
            }
        }
    }
}
