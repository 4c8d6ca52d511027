using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// Has AWS Secrets Manager generate passwords, joins them with static values and writes one flat JSON secret there, once. What it generates lives in
/// cleared memory for the length of one call and is stored nowhere but in AWS; it cannot read a secret back.
/// </summary>
/// <param name="clients">AWS.</param>
/// <param name="peers">The other Components, which may name the same secret.</param>
/// <param name="namespaces">Which namespaces are terminating.</param>
internal sealed class SecretPushHandler(ISecretsManagers clients, OwnerDirectory peers, NamespaceDeletion namespaces) : IComponentHandler
{
    /// <summary>The handler's name.</summary>
    public const string HandlerName = "secret-push";

    /// <inheritdoc/>
    public string Name => HandlerName;

    /// <inheritdoc/>
    public ConfigSchema Schema => SecretPushSchema.Instance;

    /// <inheritdoc/>
    public IReadOnlyList<Problem> Validate(JsonObject config) => SecretPushConfigReader.Validate(config);

    /// <inheritdoc/>
    public async Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        if (SecretPushConfigReader.ReadResolved(request.Config, problems, request.Component.Spec.Config) is not { } config)
            return new HandlerAnswer.Failed(FailureKind.InvalidConfig, [.. problems.Where(p => !p.IsWarning)]);
        if (EmptiedTarget.Find(request.Config, AppliedSecret.Read(request.Applied), clients.DefaultRegion) is { } emptied)
            return new HandlerAnswer.Failed(FailureKind.InvalidConfig, [emptied]);
        if (RestoredObject.Is(request.Component.Metadata))
            config = config with { Recreate = Recreate.Restore };
        try
        {
            var client = clients.For(config.Region, config.RoleArn, config.ExternalId);
            return await new SecretReconcile(client, clients, peers, namespaces, request, config).Run(cancellation);
        }
        catch (MissingRegionException e)
        {
            return new HandlerAnswer.Failed(FailureKind.InvalidConfig, [new("region", e.Message)]);
        }
        catch (InvalidEndpointException e)
        {
            return new HandlerAnswer.Failed(FailureKind.Denied, e.Message);
        }
    }

    /// <inheritdoc/>
    public Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation)
    {
        var config = SecretPushConfigReader.ReadResolved(request.Config, new List<Problem>(), request.Component.Spec.Config);
        var applied = AppliedSecret.Read(request.Applied);
        return new SecretRemoval(clients, peers, namespaces, request.Component).Delete(config, DeletionTerms.Of(request.Config, config, applied), applied, cancellation);
    }
}
