using System.Security.Cryptography;
using System.Text;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>Replaces a cluster in this process: a store of resources, and a Secrets Manager or access to AWS.</summary>
internal sealed class LocalCluster(ClusterIdentity identity, SecretsManagerClients clients, SecretsManagerServer? secretsManager, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>The region of the embedded Secrets Manager if the environment names none.</summary>
    public const string EmbeddedRegion = "us-east-1";

    public InMemoryResourceStore Store { get; } = new(time, (type, key) =>
        secretsManager is null ? SameUid(identity.Id, type, key) : Guid.CreateVersion7(time.GetUtcNow()).ToString());

    public SecretsManagerClients Clients => clients;

    /// <summary>The address of the embedded Secrets Manager; null for AWS.</summary>
    public Uri? Endpoint => secretsManager?.Endpoint;

    /// <summary>The program's handlers for validation only, which calls nothing.</summary>
    public static HandlerRegistry HandlersForValidation(TimeProvider time)
    {
        var cluster = new LocalCluster(new("", [], SeesAll: false), new(new()), null, time);
        return cluster.Handlers(new(cluster.Store, time, NullLogger.Instance), GivenOutputs.None);
    }

    /// <summary>Starts one, with its Secrets Manager where the target is the embedded one.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LocalCluster> Start(RunTarget target, SecretsManagerOptions aws, TimeProvider time, CancellationToken cancellation)
    {
        if (target is RunTarget.Aws { ClusterId: var id, QuotaShare: var share, FormerClusterIds: var former })
        {
            // Other runs with the same cluster id push secrets from other files: an owner that these files do not name may still exist.
            return new(new(id, former, SeesAll: false), new(aws with { QuotaShare = share, TimeProvider = time }), null, time);
        }

        var server = await SecretsManagerServer.StartAsync(new() { Port = ((RunTarget.Embedded)target).Port, TimeProvider = time }, cancellation);
        using var configured = new SecretsManagerClients(aws);
        var options = new SecretsManagerOptions
        {
            Endpoint = server.Endpoint,
            Region = configured.DefaultRegion ?? EmbeddedRegion,
            Credentials = AwsCredentialsSource.AccessKey("local", "local"),
            QuotaShare = null,
            TimeProvider = time,
        };
        return new(new("embedded", [], SeesAll: true), new(options), server, time);
    }

    /// <summary>Creates the program's handlers. The values are for outputs that no controller fills in.</summary>
    public HandlerRegistry Handlers(ClusterInformers informers, GivenOutputs given)
    {
        var view = new ClusterView(informers, identity);
        return StandardHandlers.Create(new HandlerContext(Store, clients, view, ReadinessRule.WhenApplied, time)
        {
            Rights = OperatorRights.Everything,
            Given = given,
        });
    }

    /// <summary>A uid that is equal in every run without a state file: derived from the cluster id and the object's name.</summary>
    public static string SameUid(string clusterId, ResourceType type, ObjectKey key) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{clusterId}\n{type.Group}\n{type.Kind}\n{key}")).AsSpan(0, 16)).ToString();

    public async ValueTask DisposeAsync()
    {
        clients.Dispose();
        if (secretsManager is not null)
            await secretsManager.DisposeAsync();
    }
}
