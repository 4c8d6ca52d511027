using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

public sealed class ManifestHandlerContractTests : ComponentHandlerContract
{
    private readonly ManifestWorld world = new();

    protected override IComponentHandler Handler => new ManifestHandler(world.Store, ReadinessRule.WhenApplied, new(), TimeProvider.System);

    protected override JsonObject ValidConfig => ManifestWorld.Config(
        ManifestWorld.ConfigMap("first", ("text", "{{ .username }}")),
        ManifestWorld.Object("external-secrets.io/v1", "ExternalSecret", "second"));

    protected override JsonObject InvalidConfig => ManifestWorld.Config(
        new JsonObject { ["apiVersion"] = "v1", ["metadata"] = new JsonObject { ["name"] = "UP/down" } },
        ManifestWorld.Object("deployment-orchestrator.io/v1alpha1", "Component", "mine"));

    protected override IReadOnlyList<string> ProblemPaths => ["manifests[0]", "manifests[0].metadata.name", "manifests[1].kind"];

    protected override Task<string> World() => world.Text();
}
