using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests;

/// <summary>
/// Both controllers with the standard handlers on the in-memory store, and the embedded Secrets Manager on loopback, on a clock that only the test
/// advances. The controllers' process has its own date, which a test can set wrong. `dorch up` embeds the same parts.
/// </summary>
internal sealed partial class EmbeddedCluster : IAsyncDisposable, IEventSink
{
    private readonly CancellationTokenSource stop = new();
    private readonly TestLog log = new();
    private readonly int workers;
    private readonly ConcurrentDictionary<ResourceType, bool> types = new();
    private readonly ConcurrentQueue<(string Component, HandlerEvent Event)> events = new();
    private readonly SecretsManagerClients clients;
    private readonly SecretsManagerOptions aws;
    private Controllers controllers;
    private Controllers? paused;
    private int uids;
    private int reads;

    private EmbeddedCluster(SecretsManagerServer secretsManager, FakeTimeProvider time, int workers, bool hasWalls)
    {
        HasWalls = hasWalls;
        (SecretsManager, Time, Clock, this.workers) = (secretsManager, time, new(time), workers);
        Store = new(time, (_, _) => $"00000000-0000-0000-0000-{Interlocked.Increment(ref uids):D12}");
        Hooked = new(Store);
        aws = EmbeddedAws.Client(secretsManager.Endpoint) with { MaxAttempts = 1, QuotaShare = null, TimeProvider = Clock };
        clients = new(aws);
        controllers = Start();
    }

    public SecretsManagerServer SecretsManager { get; }

    /// <summary>The true time, which AWS and the store use.</summary>
    public FakeTimeProvider Time { get; }

    /// <summary>The clock of the controllers' process.</summary>
    public SteppedClock Clock { get; }

    public InMemoryResourceStore Store { get; }

    /// <summary>The store as the controllers reach it, with hooks for a test, for example to cut them off.</summary>
    public HookedStore Hooked { get; }

    /// <summary>The lease that the controllers need to write.</summary>
    public ScriptedLease Lease => controllers.Lease;

    /// <summary>The events of Components so far, as <c>name: Reason</c>.</summary>
    public IReadOnlyList<string> Events => [.. events.Select(e => $"{e.Component}: {e.Event.Reason}")];

    /// <summary>The same with their messages, as <c>name: Reason: Message</c>.</summary>
    public IReadOnlyList<string> EventTexts => [.. events.Select(e => $"{e.Component}: {e.Event.Reason}: {e.Event.Message}")];

    /// <summary>The credentials of the controllers that start next.</summary>
    public AwsCredentialsSource Credentials { get; set; } = EmbeddedAws.Key;

    /// <summary>The cluster id of the controllers that start next, and its former ids.</summary>
    public (string Id, IReadOnlyList<string> Former) Identity { get; set; } = ("test-cluster", []);

    /// <summary>Where the controllers of this cluster log.</summary>
    public ILogger Log => log;

    /// <summary>Whether the test leaks a value on purpose, so that the final leak scan is skipped.</summary>
    public bool LeaksOnPurpose { get; set; }

    /// <param name="readAfterCreateLag">How long a new secret is not visible.</param>
    /// <param name="forceDeleteDelay">How long a secret deleted at once is still visible.</param>
    /// <param name="workers">The number of workers; with one, everything happens in the same order each time.</param>
    /// <param name="iam">The IAM policy of all callers; null to allow everything.</param>
    /// <param name="hasWalls">Whether SecretPolicies are enforced.</param>
    public static async Task<EmbeddedCluster> StartAsync(TimeSpan readAfterCreateLag = default, TimeSpan forceDeleteDelay = default, int workers = 16,
        IamPolicy? iam = null, bool hasWalls = false)
    {
        var time = new LimitedTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var server = await SecretsManagerServer.StartAsync(
            new()
            {
                TimeProvider = time,
                RememberGenerated = true,
                IamPolicy = iam,
                ReadAfterCreateLag = readAfterCreateLag,
                ForceDeleteDelay = forceDeleteDelay
            },
            TestContext.Current.CancellationToken);
        return new(server, time, workers, hasWalls);
    }

    public void Record(Component component, HandlerEvent happened) => events.Enqueue((component.Metadata.Name, happened));

    /// <summary>Creates or replaces a resource from JSON.</summary>
    public async Task Put(JsonObject resource)
    {
        types[ResourceType.Of(resource)] = true;
        var cancellation = TestContext.Current.CancellationToken;
        if (await Store.Get(ResourceType.Of(resource), ObjectKey.Of(resource), cancellation) is not { } present)
        {
            await Store.Create(resource, cancellation);
            return;
        }

        present["spec"] = resource["spec"]?.DeepClone();
        if (resource["metadata"]?["annotations"] is { } annotations)
            present["metadata"]!["annotations"] = annotations.DeepClone();
        await Store.Replace(present, cancellation);
    }

    /// <summary>A secret-push Component in the namespace default.</summary>
    public Task PutComponent(string name, JsonObject config, string handler = "secret-push", params ReadOnlySpan<string> dependsOn)
    {
        var component = NewResource.Component("default", name, handler, config);
        component["spec"]!["dependsOn"] = dependsOn.Length == 0 ? null : new JsonArray([.. dependsOn.ToArray().Select(d => (JsonNode)d)]);
        return Put(component);
    }

    public async Task Delete(string name, ResourceType? type = null, string @namespace = "default") =>
        await Store.Delete(type ?? ResourceType.Component, new(@namespace, name), new(), TestContext.Current.CancellationToken);

    /// <summary>Waits until the controllers have done everything that they can do now. Killed or paused controllers do nothing.</summary>
    public async Task WhenQuiet()
    {
        try
        {
            await await Task.WhenAny(controllers.Manager.WhenQuiet(Store.ResourceVersion, controllers.Stop.Token), Lease.Paused);
        }
        catch (OperationCanceledException) when (controllers.Stop.IsCancellationRequested && !TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            await controllers.Running;
        }
    }

    /// <summary>Stops the controllers, whatever they are doing, until <see cref="Restart"/>.</summary>
    public void Kill() => controllers.Stop.Cancel();

    /// <summary>New controllers take over from paused ones whose lease has expired.</summary>
    public void TakeOver()
    {
        Lease.Lose();
        paused = controllers;
        controllers = Start();
    }

    /// <summary>Resumes the paused controllers until they find that their lease has expired or that nothing is left to do.</summary>
    public async Task WakePaused()
    {
        var woken = paused!;
        paused = null;
        woken.Lease.Wake();
        await Task.WhenAny(woken.Manager.WhenQuiet(Store.ResourceVersion, woken.Stop.Token), woken.Lease.Refused);
        await woken.DisposeAsync();
    }

    /// <summary>Advances the clock in steps; all work is done after each.</summary>
    public async Task Advance(TimeSpan by, TimeSpan? step = null)
    {
        await WhenQuiet();
        for (var moved = TimeSpan.Zero; moved < by; moved += step ?? by)
        {
            Time.Advance(step ?? by);
            await WhenQuiet();
        }
    }

    /// <summary>
    /// Stops the controllers where they are and starts new ones that know only the store: a restart, or another process that takes over.
    /// </summary>
    public async Task Restart()
    {
        await controllers.DisposeAsync();
        controllers = Start();
    }

    /// <summary>Kills the process at its next store write after AWS cut an answer off, or else where it is; then another takes over.</summary>
    /// <param name="act">The action during which the first process is killed.</param>
    public async Task FailOver(Func<Task> act)
    {
        var calls = SecretsManager.Calls.Snapshot().Count;
        Hooked.Before = (call, _) => call is not ("Replace" or "ReplaceStatus")
            || !SecretsManager.Calls.Snapshot().Skip(calls).Any(c => c.ErrorCode is "CutBefore" or "CutAfter") ? Task.CompletedTask : Die();
        await act();
        Kill();
        await WhenQuiet();
        Hooked.Before = (_, _) => Task.CompletedTask;
        await Restart();
        await WhenQuiet();

        Task Die()
        {
            Kill();
            return Task.FromException(new OperationCanceledException("killed"));
        }
    }

    public async Task<Component> Component(string name, string @namespace = "default") =>
        await new ResourceClient<Component>(Store, ResourceType.Component, ApiJson.Default.Component)
            .Get(new(@namespace, name), TestContext.Current.CancellationToken)
        ?? throw new InvalidOperationException($"there is no Component {@namespace}/{name}");

    public async Task<Composition> Composition(string name, string @namespace = "default") =>
        await new ResourceClient<Composition>(Store, ResourceType.Composition, ApiJson.Default.Composition)
            .Get(new(@namespace, name), TestContext.Current.CancellationToken)
        ?? throw new InvalidOperationException($"there is no Composition {@namespace}/{name}");

    /// <summary>Ends every test with the same checks: the program itself read no secret and leaked no generated value.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await controllers.DisposeAsync();
            if (paused is not null)
                await paused.DisposeAsync();
            Assert.Equal(reads, Calls("GetSecretValue"));
            Assert.Equal(0, Calls("BatchGetSecretValue"));
            if (!LeaksOnPurpose)
                await AssertNothingLeaked();
        }
        finally
        {
            clients.Dispose();
            await SecretsManager.DisposeAsync();
            stop.Dispose();
        }
    }

    private Controllers Start()
    {
        var lease = new ScriptedLease();
        var store = new LeasedResourceStore(Hooked, lease);
        var own = new SecretsManagerClients(aws with { WriteLease = lease, Credentials = Credentials, TenantRole = TenantRole });
        var policies = HasWalls ? new PolicyWatch(store, Identity.Id, () => own.DefaultRegion, RequiresPolicy, Clock, log) : null;
        // As the operator assembles them.
        var informers = new ClusterInformers(store, Clock, log, runsHere: StandardHandlers.Has);
        var view = new ClusterView(informers, new ClusterIdentity(Identity.Id, Identity.Former, SeesAll: true), policies, Walls);
        var handlers = StandardHandlers.Create(new HandlerContext(store, own, view, ReadinessRule.WhenApplied, Clock));
        var started = new ControllerManager(store, informers, handlers, new(Clock, () => 0, this), log, workers, policies);
        var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, TestContext.Current.CancellationToken);
        return new(started, policies, lease, own, stopping, started.Run(stopping.Token, stopping.Token));
    }

    /// <summary>The controllers of one process.</summary>
    private sealed record Controllers(
        ControllerManager Manager, PolicyWatch? Policies, ScriptedLease Lease, SecretsManagerClients Clients, CancellationTokenSource Stop, Task Running)
        : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Stop.CancelAsync();
            await Running;
            await Manager.DisposeAsync();
            Clients.Dispose();
            Stop.Dispose();
        }
    }
}
