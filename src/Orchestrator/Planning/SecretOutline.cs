using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Planning;

/// <summary>
/// Replaces secret-push when only the shape of a Composition matters: it calls nothing, and its outputs have the right keys, so that dependents are placed
/// in the graph. A deletion begins with it, because the names of secrets may depend on other components' outputs.
/// </summary>
internal sealed class SecretOutline(IComponentHandler secretPush, string? defaultRegion) : IComponentHandler
{
    public string Name => secretPush.Name;

    public ConfigSchema Schema => secretPush.Schema;

    public IReadOnlyList<Problem> Validate(JsonObject config) => secretPush.Validate(config);

    public Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        HandlerAnswer answer = SecretPushConfigReader.ReadResolved(request.Config, problems, request.Component.Spec.Config) is { } config
            ? new HandlerAnswer.Done { ProviderStatus = Outputs(config, config.Region ?? defaultRegion ?? "") }
            : new HandlerAnswer.Failed(FailureKind.InvalidConfig, problems);
        return Task.FromResult(answer);
    }

    public Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation) => secretPush.Delete(request, cancellation);

    private static JsonObject Outputs(SecretPushConfig config, string region) => new()
    {
        [SecretOutputs.Arn] = $"arn:aws:secretsmanager:{region}:000000000000:secret:{config.SecretName}",
        [SecretOutputs.Name] = config.SecretName,
        [SecretOutputs.Path] = config.SecretName,
        [SecretOutputs.VersionId] = "",
        [SecretOutputs.Region] = region,
        [SecretOutputs.LastSyncTime] = "",
        [SecretOutputs.FieldCount] = config.Fields.Count,
    };
}
