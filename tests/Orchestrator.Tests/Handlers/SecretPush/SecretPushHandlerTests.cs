using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>The contract of every handler, for secret-push on an embedded Secrets Manager.</summary>
public sealed class SecretPushHandlerTests : ComponentHandlerContract, IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private SecretsManagerServer server = null!;
    private SecretsManagerClients clients = null!;
    private SecretPushHandler handler = null!;

    protected override IComponentHandler Handler => handler;

    protected override JsonObject ValidConfig => JsonNode.Parse("""
        {"secretName":"myapp/credentials","tags":{"team":"a"},"description":"d",
         "fields":{"username":{"value":"admin"},"password":{"generator":{"passwordLength":32}}}}
        """)!.AsObject();

    protected override JsonObject InvalidConfig => JsonNode.Parse("""
        {"secretName":"no name","fields":{"a":{},"b":{"generator":{"passwordLength":0}}},"updatePolicy":"x","more":1}
        """)!.AsObject();

    protected override IReadOnlyList<string> ProblemPaths => ["secretName", "fields.a", "fields.b.generator.passwordLength", "updatePolicy", "more"];

    public async ValueTask InitializeAsync()
    {
        server = await SecretsManagerServer.StartAsync(new() { TimeProvider = time }, Cancellation);
        clients = new(EmbeddedAws.Client(server.Endpoint) with { MaxAttempts = 1, QuotaShare = null, TimeProvider = time });
        handler =
            new(clients, new("cluster", seesAll: true, () => [new() { Metadata = new() { Namespace = "x", Name = "y", Uid = "z" }, Spec = new() }]), new(null));
    }

    public async ValueTask DisposeAsync()
    {
        clients.Dispose();
        await server.DisposeAsync();
    }

    /// <summary>Every secret that is not scheduled for deletion, with its versions and its value without generated fields.</summary>
    protected override async Task<string> World()
    {
        var aws = new AwsJsonClient(server.Endpoint);
        var world = new JsonArray();
        foreach (var secret in (await aws.Call("ListSecrets")).Ok()["SecretList"]!.AsArray())
        {
            var value = (await aws.Call("GetSecretValue", new { SecretId = (string)secret!["ARN"]! })).Ok();
            foreach (var key in new[] { "LastAccessedDate", "LastChangedDate" })
                secret.AsObject().Remove(key);
            world.Add(new JsonObject { ["secret"] = secret.DeepClone(), ["value"] = value.Text("SecretString") });
        }

        return world.ToJsonString();
    }

    protected override Task Proceed()
    {
        time.Advance(TimeSpan.FromSeconds(30));
        return Task.CompletedTask;
    }
}
