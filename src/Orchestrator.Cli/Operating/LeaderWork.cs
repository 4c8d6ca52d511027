using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;
using DeploymentOrchestrator.SecretsManager.Sdk;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Cli.Operating;

/// <summary>The leader's work: the controllers and their Events, without state from an earlier term.</summary>
internal sealed class LeaderWork(
    OperatorSettings settings, SecretsManagerOptions aws, KubernetesResourceStore store, LeaderElection election, TimeProvider time, ILoggerFactory logging)
{
    private volatile ControllerManager? manager;

    /// <summary>The running controllers; null while this process does not lead.</summary>
    public ControllerManager? Controllers => manager;

    /// <summary>The SecretPolicies that it enforces; null while this process does not lead.</summary>
    public PolicyWatch? Policies { get; private set; }

    /// <summary>Works until stopped, with time to finish, or until the lease is lost, without any.</summary>
    public async Task Lead(string clusterId, CancellationToken stop, CancellationToken lost)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, lost);
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(lost);
        using var grace = time.CreateTimer(_ => abort.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var stopping = stop.Register(() => grace.Change(OperatorSettings.Grace, Timeout.InfiniteTimeSpan));

        var leased = new LeasedResourceStore(store, election);
        using var clients = Clients();
        var policies = WatchPolicies(leased, clusterId, clients);
        var events = Events(leased);
        await using var controllers = Assemble(leased, clients, policies, clusterId, events);

        using var eventsEnd = CancellationTokenSource.CreateLinkedTokenSource(lost);
        var writingEvents = BackgroundLoop.Run("events", events.Run, time, logging.CreateLogger("DeploymentOrchestrator.Events"), eventsEnd.Token);
        (manager, Policies) = (controllers, policies);
        try
        {
            await controllers.Run(end.Token, abort.Token);
        }
        finally
        {
            (manager, Policies) = (null, null);
            // Events of the last work are still written; that delays the next leader no more than a slow API server would.
            events.Complete();
            await using var patience = time.CreateTimer(_ => eventsEnd.Cancel(), null, OperatorSettings.LastEvents, Timeout.InfiniteTimeSpan);
            await writingEvents;
        }
    }

    private SecretsManagerClients Clients() => new(
        aws with { QuotaShare = settings.QuotaShare, TenantRole = settings.TenantRole, WriteLease = election, TimeProvider = time });

    private PolicyWatch WatchPolicies(LeasedResourceStore leased, string clusterId, SecretsManagerClients clients) => new(
        leased, clusterId, () => clients.DefaultRegion, settings.RequiresPolicy, time, logging.CreateLogger("DeploymentOrchestrator.Policies"));

    private KubernetesEvents Events(LeasedResourceStore leased) => new(
        leased, settings.Identity, time, () => Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), logging.CreateLogger("DeploymentOrchestrator.Events"));

    // The same steps as in `dorch up`: informers, what handlers know of the cluster, handlers, controllers.
    private ControllerManager Assemble(
        LeasedResourceStore leased, SecretsManagerClients clients, PolicyWatch policies, string clusterId, KubernetesEvents events)
    {
        var informers = new ClusterInformers(
            leased, time, logging.CreateLogger("DeploymentOrchestrator.Resources"), settings.Namespace, StandardHandlers.Has);
        var view = new ClusterView(informers, new ClusterIdentity(clusterId, settings.FormerClusterIds, SeesAll: settings.Namespace is null), policies);
        var handlers = StandardHandlers.Create(new HandlerContext(leased, clients, view, ReadinessRule.Kstatus, time)
        {
            Rights = settings.Rights,
            Log = logging.CreateLogger("DeploymentOrchestrator.SecretPush"),
        });
        var context = new ControllerContext(time, Random.Shared.NextDouble, events);
        return new ControllerManager(leased, informers, handlers, context, logging, settings.Workers, policies);
    }
}
