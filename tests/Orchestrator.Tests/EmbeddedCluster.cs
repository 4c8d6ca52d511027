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
/// Both controllers with the standard handlers on the in-memory store, and the embedded Secrets Manager on loopback, in a time that only the test
/// moves. The controllers' process has its own date, which a test can set wrong. What is embedded is what `dorch up` embeds.
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

    /// <summary>The world's time, which is AWS's and the store's.</summary>
    public FakeTimeProvider Time { get; }

    /// <summary>The clock of the controllers' process.</summary>
    public SteppedClock Clock { get; }

    public InMemoryResourceStore Store { get; }

    /// <summary>The store as the controllers reach it: a test steps in here, and so cuts them off.</summary>
    public HookedStore Hooked { get; }

    /// <summary>What lets the controllers write.</summary>
    public ScriptedLease Lease => controllers.Lease;

    /// <summary>The events of Components so far, as <c>name: Reason</c>.</summary>
    public IReadOnlyList<string> Events => [.. events.Select(e => $"{e.Component}: {e.Event.Reason}")];

    /// <summary>The same with their messages, as <c>name: Reason: Message</c>.</summary>
    public IReadOnlyList<string> EventTexts => [.. events.Select(e => $"{e.Component}: {e.Event.Reason}: {e.Event.Message}")];

    /// <summary>The credentials of the controllers that start next.</summary>
    public AwsCredentialsSource Credentials { get; set; } = EmbeddedAws.Key;

    /// <summary>The id of the cluster to the controllers that start next, and those that it had before.</summary>
    public (string Id, IReadOnlyList<string> Former) Identity { get; set; } = ("test-cluster", []);

    /// <summary>Where the controllers of this cluster log.</summary>
    public ILogger Log => log;

    /// <summary>A test lets something out on purpose, to see it found: then its end is none of that test's failures.</summary>
    public bool LeaksOnPurpose { get; set; }

    /// <param name="readAfterCreateLag">How long a new secret is not to be seen.</param>
    /// <param name="forceDeleteDelay">How long one deleted at once is still to be seen.</param>
    /// <param name="workers">How many Components are worked on at once; with one, everything comes in the same order each time.</param>
    /// <param name="iam">What everybody may do; null for all.</param>
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

    /// <summary>Creates a resource from JSON, or replaces what is there.</summary>
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

    /// <summary>Waits until everything that can be done now is done; of controllers that were killed or paused, nothing is.</summary>
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

    /// <summary>The controllers do nothing any more, whatever they are at, until <see cref="Restart"/>.</summary>
    public void Kill() => controllers.Stop.Cancel();

    /// <summary>Other controllers take over from those that are paused and whose lease is over by now.</summary>
    public void TakeOver()
    {
        Lease.Lose();
        paused = controllers;
        controllers = Start();
    }

    /// <summary>Lets the paused controllers run on until they find that their lease is over, or that there is nothing to do.</summary>
    public async Task WakePaused()
    {
        var woken = paused!;
        paused = null;
        woken.Lease.Wake();
        await Task.WhenAny(woken.Manager.WhenQuiet(Store.ResourceVersion, woken.Stop.Token), woken.Lease.Refused);
        await woken.DisposeAsync();
    }

    /// <summary>Moves the clock in steps, with everything done after each.</summary>
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
    /// Stops the controllers where they are and starts new ones without any memory but the store's: a restart, or another process that takes over.
    /// </summary>
    public async Task Restart()
    {
        await controllers.DisposeAsync();
        controllers = Start();
    }

    /// <summary>The process dies at its next store write after AWS cut an answer off, or else where it is; then another takes over.</summary>
    /// <param name="act">What the first one dies at.</param>
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

    /// <summary>Whatever the test was about: the program itself read no secret, and let out nothing that was generated.</summary>
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
        var view = new ClusterView(informers, new(Identity.Id, Identity.Former, SeesAll: true), policies, Walls);
        var handlers = StandardHandlers.Create(new(store, own, view, ReadinessRule.WhenApplied, Clock));
        var started = new ControllerManager(store, informers, handlers, new(Clock, () => 0, this), log, workers, policies);
        var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, TestContext.Current.CancellationToken);
        return new(started, policies, lease, own, stopping, started.Run(stopping.Token, stopping.Token));
    }

    /// <summary>One process' worth of controllers.</summary>
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
