using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.ConfigReader;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Planning;

/// <summary>
/// The program's handlers, on an AWS client and a store that only read, and placeholders for external handlers. The cluster's state and AWS are null if
/// the plan does not query them; the policies are null if none are enforced.
/// </summary>
internal sealed class PlannedHandlers(
    PlannedWorld world, ClusterIdentity cluster, ClusterSeed? seed, ISecretsManagers? aws, string? defaultRegion,
    HandlerRegistry ours, IEnumerable<string> foreign, IPolicySource? policies, GivenOutputs given, PlanNotes notes, TimeProvider time)
{
    public HandlerRegistry Create(ClusterInformers informers)
    {
        IEnumerable<Component> All() => informers.Components.All().Concat(seed?.OtherComponents ?? []);

        // Other runs with the same cluster id push secrets from other files, as in up.
        var wanted = new WantedComponents(informers.Compositions.All, All);
        var owners = new OwnerDirectory(cluster.Id, cluster.SeesAll, All, cluster.FormerIds, wanted,
            policies is null ? null : heir => SecretGate.TakeOverFrom(policies, heir), policies: policies);
        var planned = new PlannedSecrets();
        DryRunSecretsManager SecretsManager(Component component) => new(
            aws,
            // The operator's region may differ from this environment's: its status shows it.
            SecretState.Read(component.Status?.Applied ?? []).Targets is [.., { Region.Length: > 0 } last] ? last.Region : defaultRegion,
            planned,
            // A deleted Component takes its state with it, and a Component that takes its secret over runs after it.
            (region, id) => KnownSecrets.Of(All().Concat(seed?.Before.Values ?? []), owners.Owner, region, id),
            time);

        var secretPush = new SecretPlanner(owners, new(world.Cluster), policies, SecretsManager);
        var manifest = new ManifestPlanner(world, new(wanted), given);
        return new(
        [
            new PlannedHandler(ours.Find(HandlerNames.SecretPush)!, notes, secretPush.Run),
            new PlannedHandler(ours.Find(HandlerNames.Manifest)!, notes, manifest.Run),
            new PlannedHandler(ours.Find(HandlerNames.ConfigReader)!, notes, Read),
            .. foreign.Select(name => new ForeignPlanner(name)),
        ]);
    }

    private async Task<DryRun> Read(HandlerRequest request, bool isDeletion, CancellationToken cancellation)
    {
        IReadOnlyList<PlannedOutput> outputs = [];
        var reader = new ConfigReaderHandler(new DryRunStore(world, isReader: true), OperatorRights.Everything, given.Of,
            collected: all => outputs = PlannedOutput.Of(all, request.Component.Metadata.Namespace ?? ""));
        return new(await (isDeletion ? reader.Delete(request, cancellation) : reader.Apply(request, cancellation)), "values", []) { Outputs = outputs };
    }
}
