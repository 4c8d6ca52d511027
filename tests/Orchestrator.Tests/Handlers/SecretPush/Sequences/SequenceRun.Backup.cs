using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Sequences;

/// <summary>A backup, and its restore after everything is lost.</summary>
internal sealed partial class SequenceRun
{
    private async Task BackUp()
    {
        backup = await cluster.BackUp(ResourceType.Component);
        Note($"a backup of {backup.Count} components");
    }

    // With or without status, as Velero or as kubectl restores; each object gets a new uid.
    private async Task RestoreBackup()
    {
        var (withStatus, isLabelled) = (random.Next(2) == 0, random.Next(2) == 0);
        Note($"all is lost, and the backup restored{(withStatus ? " with status" : "")}{(isLabelled ? ", labelled" : "")}");
        wasTroubled = true;
        foreach (var component in components)
        {
            var (config, name) = (Kept(component), component.SecretName);
            // Its targets are no longer known, unless the backup has them.
            forgotten.UnionWith((await Targets(component)).Select(Remembered));
            var secret = secrets.FirstOrDefault(s => s.Name == (string?)config?["secretName"]);
            var isSafe = config is not null && lagsUntil is null && secret is { Current: not null }
                && VersionToken.Parse(secret.Current)?.Owner == component.OwnerDigest
                && secret.OwnerDigest == component.OwnerDigest && (isLabelled || !secret.IsScheduled) && (string?)config["updatePolicy"] == "IfNotExists";
            component.IsGone();
            component.Config = config;
            // The value of an existing or restored Component stays.
            component.Happens(isSafe || config is null ? Due.Never : Due.Maybe, setsSlots: true);
            if (name is not null)
                Released(component, name);
        }

        IReadOnlyList<KeyValuePair<string, string>> labels = isLabelled ? [KeyValuePair.Create(RestoredObject.Label, "nightly")] : [];
        await cluster.RestoreBackup(ResourceType.Component, backup, withStatus, labels);
        isAlive = true;
    }

    private JsonObject? Kept(ModelledComponent component) => (JsonObject?)backup
        .FirstOrDefault(kept => (string?)kept["metadata"]!["name"] == component.Name)?["spec"]!["config"]!.DeepClone();
}
