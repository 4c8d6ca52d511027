using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.ConfigReader;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>What a plan is made for, and as whom; the cluster, what it has, and AWS are null where they are not asked.</summary>
internal sealed record PlanScope(
    string ClusterId, IReadOnlyList<string> FormerClusterIds, IResourceStore? Cluster, ClusterSeed? Seed, ISecretsManagers? Aws, string? DefaultRegion,
    HandlerRegistry Ours);

/// <summary>The handlers of the program at work on what only looks, and stand-ins for everybody else's.</summary>
internal static class PlannedHandlers
{
    public static HandlerRegistry Create(
        PlannedWorld world, PlanScope scope, PlanNotes notes, TimeProvider time,
        Func<IEnumerable<Component>> components, Func<IEnumerable<Composition>> compositions, IEnumerable<string> foreign)
    {
        IEnumerable<Component> All() => components().Concat(scope.Seed?.Elsewhere ?? []);

        // With the same cluster id other runs push secrets from other files: as up has it.
        var wanted = new WantedComponents(compositions, All);
        var owners = new OwnerDirectory(scope.ClusterId, seesAll: scope.Seed?.SeesAll ?? scope.Aws is null, All, scope.FormerClusterIds, wanted);
        var planned = new PlannedSecrets();
        DryRunSecretsManager SecretsManager(Component component) => new(
            scope.Aws,
            // The operator's own region may be another than this environment's: where it worked already, it is known.
            SecretState.Read(component.Status?.Applied ?? []).Targets is [.., { Region.Length: > 0 } last] ? last.Region : scope.DefaultRegion,
            planned,
            // A deleted Component takes its state along, and whoever takes its secret over comes after it.
            (region, id) => KnownSecrets.Of(All().Concat(scope.Seed?.Before.Values ?? []), owners.Owner, region, id),
            time);

        IComponentHandler Ours(string name) => scope.Ours.Find(name)!;
        var secretPush = new SecretPlanner(owners, new(scope.Cluster), SecretsManager);
        var manifest = new ManifestPlanner(world, wanted.IsGone);
        var reader = new ConfigReaderHandler(new DryRunStore(world), OperatorRights.Everything);
        return new(
        [
            new PlannedHandler(Ours(SecretPushConfig.HandlerName), notes, secretPush.Run),
            new PlannedHandler(Ours(ManifestHandler.HandlerName), notes, manifest.Run),
            new PlannedHandler(reader, notes, async (request, isDeletion, token) =>
                new(await (isDeletion ? reader.Delete(request, token) : reader.Apply(request, token)), "values", [])),
            .. foreign.Select(name => new ForeignPlanner(name)),
        ]);
    }
}
