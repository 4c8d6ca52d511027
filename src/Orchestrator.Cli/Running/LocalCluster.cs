using System.Security.Cryptography;
using System.Text;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>What a cluster would give, in this process: a store of resources, and a Secrets Manager or the way to AWS.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    /// <summary>The region of the embedded Secrets Manager, where the environment names none.</summary>
    public const string EmbeddedRegion = "us-east-1";

    private readonly SecretsManagerServer? secretsManager;
    private readonly string clusterId;
    private readonly IReadOnlyList<string> formerClusterIds;

    private LocalCluster(string clusterId, IReadOnlyList<string> formerClusterIds, SecretsManagerClients clients, SecretsManagerServer? secretsManager,
        TimeProvider time)
    {
        (this.clusterId, this.formerClusterIds, Clients, this.secretsManager, Time) = (clusterId, formerClusterIds, clients, secretsManager, time);
        Store = new(time, secretsManager is null ? (type, key) => SameUid(clusterId, type, key) : NewUid);
    }

    /// <summary>The clock of everything in it.</summary>
    public TimeProvider Time { get; }

    /// <summary>The resources.</summary>
    public InMemoryResourceStore Store { get; }

    /// <summary>The way to the Secrets Manager.</summary>
    public SecretsManagerClients Clients { get; }

    /// <summary>Where the embedded Secrets Manager listens; null where it is AWS's.</summary>
    public Uri? Endpoint => secretsManager?.Endpoint;

    /// <summary>The handlers of the program for their validation alone, which calls nothing.</summary>
    public static HandlerRegistry HandlersForValidation(TimeProvider time) => new LocalCluster("", [], new(new()), null, time).Handlers(() => [], () => []);

    /// <summary>Starts one, with its Secrets Manager where the target is the embedded one.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LocalCluster> Start(RunTarget target, SecretsManagerOptions aws, TimeProvider time, CancellationToken cancellation)
    {
        if (target is RunTarget.Aws { ClusterId: var id, QuotaShare: var share, FormerClusterIds: var former })
            return new(id, former, new(aws with { QuotaShare = share, TimeProvider = time }), null, time);

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
        return new("embedded", [], new(options), server, time);
    }

    /// <summary>The handlers of the program.</summary>
    public HandlerRegistry Handlers(Func<IEnumerable<Api.Component>> components, Func<IEnumerable<Api.Composition>> compositions)
    {
        // Other runs with the same cluster id push secrets from other files: an owner that these files do not name still exists.
        var wanted = new WantedComponents(compositions, components);
        var owners = new OwnerDirectory(clusterId, seesAll: secretsManager is not null, components, formerClusterIds, wanted);
        return StandardHandlers.Create(Store, Clients, owners, ReadinessRule.WhenApplied, Time, OperatorRights.Everything, wanted);
    }

    private string NewUid(ResourceType type, ObjectKey key) => Guid.CreateVersion7(Time.GetUtcNow()).ToString();

    /// <summary>A uid that is the same in every run without a state file: it comes from the cluster id and the object's name.</summary>
    public static string SameUid(string clusterId, ResourceType type, ObjectKey key) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{clusterId}\n{type.Group}\n{type.Kind}\n{key}")).AsSpan(0, 16)).ToString();

    public async ValueTask DisposeAsync()
    {
        Clients.Dispose();
        if (secretsManager is not null)
            await secretsManager.DisposeAsync();
    }
}
