using System.Text.RegularExpressions;
using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>
/// Replicas in other Regions of the account. AWS replicates within seconds; here a replica is in sync at once. If the name is taken in the other Region,
/// that replica fails, not the call.
/// </summary>
internal static partial class Replication
{
    public static void Add(Call call, Secret secret, IReadOnlyList<Replica> added, bool overwrite)
    {
        foreach (var replica in added)
            RequireOther(call, replica.Region);
        foreach (var replica in added)
        {
            var vault = call.Store.Vault(call.Caller.Account, replica.Region);
            var taken = vault.ByName(secret.Name, call.Now) is { } there && there != secret && !overwrite;
            secret.Replicas.RemoveAll(old => old.Region == replica.Region);
            secret.Replicas.Add(replica with { Failure = taken ? "Secret with this name already exists in this region" : null });
            if (!taken)
                vault.Put(secret);
        }
    }

    public static void Remove(Call call, Secret secret, IReadOnlyList<string> regions)
    {
        foreach (var region in regions)
        {
            if (!secret.Replicas.Exists(replica => replica.Region == region))
                throw ApiException.InvalidParameter($"The secret isn't replicated to {region}.");
        }
        foreach (var replica in secret.Replicas.Where(replica => regions.Contains(replica.Region)).ToList())
        {
            secret.Replicas.Remove(replica);
            if (replica.Failure is null)
                call.Store.Vault(call.Caller.Account, replica.Region).Remove(secret);
        }
    }

    public static IEnumerable<Output> Status(Secret secret) => secret.Replicas.Select(replica => new Output()
        .With("Region", replica.Region)
        .With("KmsKeyId", replica.KmsKeyId ?? "alias/aws/secretsmanager")
        .With("Status", replica.Failure is null ? "InSync" : "Failed")
        .With("StatusMessage", replica.Failure));

    private static void RequireOther(Call call, string region)
    {
        if (!RegionName().IsMatch(region))
            throw ApiException.Validation(
                $"1 validation error detected: Value '{region}' at 'addReplicaRegions' failed to satisfy constraint: "
                + @"Member must satisfy regular expression pattern: ^([a-z]+-)+\d+$");
        if (region == call.Vault.Region)
            throw ApiException.InvalidParameter("Invalid replica region.");
    }

    [GeneratedRegex(@"^(?:[a-z]+-)+[0-9]+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RegionName();
}

/// <summary>Adds replicas to a secret.</summary>
internal static class ReplicateSecretToRegions
{
    public static Output Invoke(Call call, Input input)
    {
        var id = Call.SecretId(input);
        var replicas = Parameters.ReplicaRegions(input) ?? throw input.Missing("AddReplicaRegions");
        var secret = call.Change(id);
        Replication.Add(call, secret, replicas, input.Bool("ForceOverwriteReplicaSecret"));
        return new Output().With("ARN", call.ArnOf(secret)).With("ReplicationStatus", Replication.Status(secret));
    }
}

/// <summary>Deletes replicas, at once.</summary>
internal static class RemoveRegionsFromReplication
{
    public static Output Invoke(Call call, Input input)
    {
        var id = Call.SecretId(input);
        var regions = input.Strings("RemoveReplicaRegions", 1, int.MaxValue, 1, 128) ?? throw input.Missing("RemoveReplicaRegions");
        var secret = call.Change(id);
        Replication.Remove(call, secret, regions);
        return new Output().With("ARN", call.ArnOf(secret)).With("ReplicationStatus", Replication.Status(secret), evenIfEmpty: true);
    }
}

/// <summary>Called in the replica's Region: promotes the replica to a standalone secret.</summary>
internal static class StopReplicationToReplica
{
    public static Output Invoke(Call call, Input input)
    {
        var secret = call.ReadActive(Call.SecretId(input));
        if (secret.PrimaryRegion == call.Vault.Region)
            throw ApiException.InvalidRequest("You can only stop replication for a replica secret.");
        secret.Replicas.RemoveAll(replica => replica.Region == call.Vault.Region);
        var promoted = secret.Promote(call.Vault.Region, call.Now);
        call.Vault.Put(promoted);
        return new Output().With("ARN", call.ArnOf(promoted));
    }
}
