using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>
/// The namespace controller deletes kind by kind: on a busy control plane a Composition may exist for minutes after its children are terminating.
/// </summary>
public sealed class NamespaceDeletionTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<Component> components = [];
    private readonly Composition composition = new()
    {
        Metadata = new() { Namespace = "team", Name = "app", Uid = "composition-uid" },
        Spec = new() { Components = [new() { Name = "secret", Type = "secret-push", Config = Config() }] },
    };

    private InMemoryResourceStore store = null!;
    private SecretsManagerServer server = null!;
    private SecretsManagerClients clients = null!;

    public async ValueTask InitializeAsync()
    {
        store = new(time, (_, _) => "uid");
        server = await SecretsManagerServer.StartAsync(new() { TimeProvider = time }, TestContext.Current.CancellationToken);
        clients = new(EmbeddedAws.Client(server.Endpoint) with { MaxAttempts = 1, QuotaShare = null, TimeProvider = time });
    }

    public async ValueTask DisposeAsync()
    {
        clients.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData(true, "SecretDeleted")]
    [InlineData(false, "SecretLeft")]
    public async Task The_secret_of_a_child_is_deleted_with_its_Namespace_and_otherwise_left_to_its_entry(bool isTerminating,
        string expected)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await store.Create(
            new()
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Namespace",
                ["metadata"] = new JsonObject { ["name"] = "team", ["finalizers"] = new JsonArray("example.org/hold") }
            },
            cancellation);
        var handler = new SecretPushHandler(
            clients, new("cluster", seesAll: true, () => components, wanted: new(() => [composition], () => components)), new(store));
        var child = Child();
        components.Add(child);
        var applied = await handler.Apply(Request(child), cancellation);
        Assert.IsType<HandlerAnswer.Done>(applied);

        if (isTerminating)
            await store.Delete(ResourceType.Namespace, new(null, "team"), new(), cancellation);
        components[0] = child = child with
        {
            Metadata = child.Metadata with { DeletionTimestamp = time.GetUtcNow() },
            Status = new() { Applied = applied.Applied, ProviderStatus = applied.ProviderStatus },
        };
        time.Advance(TimeSpan.FromMinutes(1));
        var deleted = await handler.Delete(Request(child), cancellation);

        Assert.Equal(expected, Assert.Single(Assert.IsType<HandlerAnswer.Done>(deleted).Events).Reason);
    }

    private static JsonObject Config() => JsonNode.Parse("""{"secretName":"team/app","fields":{"password":{"generator":{"passwordLength":32}}}}""")!.AsObject();

    private static HandlerRequest Request(Component child) => new() { Component = child, Config = Config(), Remember = (_, _) => Task.CompletedTask };

    private static Component Child() => new()
    {
        Metadata = new()
        {
            Namespace = "team",
            Name = "app-secret",
            Uid = "child-uid",
            OwnerReferences =
                [new() { ApiVersion = ApiGroup.ApiVersion, Kind = Composition.KindName, Name = "app", Uid = "composition-uid", Controller = true }],
        },
        Spec = new() { Handler = "secret-push", Config = Config() },
    };
}
