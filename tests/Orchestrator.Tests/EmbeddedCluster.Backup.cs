using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests;

/// <summary>Simulates the loss of all objects of a kind, and their restore from a backup.</summary>
internal sealed partial class EmbeddedCluster
{
    /// <summary>All objects of a kind, as in a backup.</summary>
    public async Task<IReadOnlyList<JsonObject>> BackUp(ResourceType type) =>
        [.. (await Store.List(type, null, TestContext.Current.CancellationToken)).Items.Where(i => i["metadata"]!["deletionTimestamp"] is null)];

    /// <summary>Loses all objects of a kind as with a lost cluster, ignoring finalizers. Then restores a backup and starts new controllers.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="backup">The backup; each object gets a uid of its own.</param>
    /// <param name="withStatus">Whether the restore brings the status back, too.</param>
    /// <param name="labels">Labels that the restore adds to each object.</param>
    public async Task RestoreBackup(ResourceType type, IReadOnlyList<JsonObject> backup, bool withStatus,
        params IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await controllers.DisposeAsync();
        foreach (var lost in (await Store.List(type, null, cancellation)).Items)
        {
            var key = ObjectKey.Of(lost);
            if (lost["metadata"]!["deletionTimestamp"] is null)
                await Store.Delete(type, key, new(), cancellation);
            if (await Store.Get(type, key, cancellation) is { } held)
            {
                held["metadata"]!.AsObject().Remove("finalizers");
                await Store.Replace(held, cancellation);
            }
        }

        foreach (var kept in backup)
        {
            var restored = (JsonObject)kept.DeepClone();
            var metadata = restored["metadata"]!.AsObject();
            foreach (var own in (string[])["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"])
                metadata.Remove(own);
            if (labels.Count > 0)
                metadata["labels"] = new JsonObject(labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
            var created = await Store.Create(restored, cancellation);
            if (!withStatus || kept["status"] is not { } status)
                continue;
            created["status"] = status.DeepClone();
            await Store.ReplaceStatus(created, cancellation);
        }

        controllers = Start();
        await WhenQuiet();
    }
}
