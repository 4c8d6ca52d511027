using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Informers;
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

    /// <summary>The SecretPolicies that it enforces; null before it first leads.</summary>
    public PolicyWatch? Policies { get; private set; }

    /// <summary>Works until stopped, with time to finish, or until the lease is lost, without any.</summary>
    public async Task Lead(string clusterId, CancellationToken stop, CancellationToken lost)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, lost);
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(lost);
        using var grace = time.CreateTimer(_ => abort.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var stopping = stop.Register(() => grace.Change(OperatorSettings.Grace, Timeout.InfiniteTimeSpan));

        var leased = new LeasedResourceStore(store, election);
        using var clients = new SecretsManagerClients(
            aws with { QuotaShare = settings.QuotaShare, TenantRole = settings.TenantRole, WriteLease = election, TimeProvider = time });
        var events = new KubernetesEvents(
            leased, settings.Identity, time, () => Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), logging.CreateLogger("DeploymentOrchestrator.Events"));
        var log = logging.CreateLogger("DeploymentOrchestrator.Resources");
        HandlerRegistry? handlers = null;
        var cache = new Informer<Component>(
            leased, new(leased, ResourceType.Component, ApiJson.Default.Component), time, log, settings.Namespace,
            (component, before) => TrimmedComponent.Of(component, before, name => handlers!.Find(name) is not null));
        var compositions = new Informer<Composition>(
            leased, new(leased, ResourceType.Composition, ApiJson.Default.Composition), time, log, settings.Namespace,
            (composition, before) => TrimmedComposition.Of(composition, before, name => handlers!.Find(name) is not null));
        var policies = new PolicyWatch(
            leased, clusterId, () => clients.DefaultRegion, settings.RequiresPolicy, time, logging.CreateLogger("DeploymentOrchestrator.Policies"));
        var index = new OwnerIndex([clusterId, .. settings.FormerClusterIds], cache.Get, compositions.Get, policies.SuccessorsOf);
        var objects = new ObjectIndex(cache.Get, compositions.Get);
        // Before the controllers hear of it.
        cache.Subscribe(change => index.Note(change.Key, change.After));
        compositions.Subscribe(change =>
        {
            // A status write changes no entry, of which there may be thousands.
            if (change.After is null || !ReferenceEquals(change.Before?.Spec, change.After.Spec))
                index.Note(change.Key, change.After);
        });
        cache.Subscribe(change => objects.Note(change.Key, change.Before, change.After));
        compositions.Subscribe(change => objects.Note(change.Key, change.Before, change.After));
        var wanted = new WantedComponents(compositions.All, cache.All, compositions.Get, cache.Get);
        var owners = new OwnerDirectory(
            clusterId, seesAll: settings.Namespace is null, cache.All, settings.FormerClusterIds, wanted,
            heir => SecretGate.TakeOverFrom(policies, heir), index, policies);
        handlers = StandardHandlers.Create(leased, clients, owners, ReadinessRule.Kstatus, time, settings.Rights, wanted, objects, policies,
            logging.CreateLogger("DeploymentOrchestrator.SecretPush"));
        await using var controllers = new ControllerManager(
            leased, cache, handlers, new(time, Random.Shared.NextDouble, events), logging, settings.Workers, settings.Namespace, compositions,
            policies);
        using var eventsCancellation = CancellationTokenSource.CreateLinkedTokenSource(lost);
        var eventsTask = BackgroundLoop.Run("events", events.Run, time, logging.CreateLogger("DeploymentOrchestrator.Events"), eventsCancellation.Token);
        (manager, Policies) = (controllers, policies);
        try
        {
            await controllers.Run(end.Token, abort.Token);
        }
        finally
        {
            (manager, Policies) = (null, null);
            // Events of the last work are written, too; that delays the next leader no more than a slow API server would.
            events.Complete();
            await using var patience = time.CreateTimer(_ => eventsCancellation.Cancel(), null, OperatorSettings.LastEvents, Timeout.InfiniteTimeSpan);
            await eventsTask;
        }
    }
}
