using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.Tests.Policies;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>An embedded cluster for tests of secret-push, which put Components into it and read AWS by plain HTTP.</summary>
internal sealed class PushedSecret : IAsyncDisposable
{
    public const string Name = "myapp/prod/credentials";

    private PushedSecret(EmbeddedCluster cluster) => Cluster = cluster;

    public EmbeddedCluster Cluster { get; }

    public Faults Faults => Cluster.SecretsManager.Faults;

    public static async Task<PushedSecret> StartAsync(bool lags = false) =>
        new(await (lags ? EmbeddedCluster.StartAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10)) : EmbeddedCluster.StartAsync()));

    /// <summary>The same with an IAM policy.</summary>
    public static async Task<PushedSecret> StartAsync(IamPolicy iam) => new(await EmbeddedCluster.StartAsync(iam: iam));

    /// <summary>The same with SecretPolicies enforced, and the Namespace default, of team a.</summary>
    public static async Task<PushedSecret> StartWalledAsync(params string[] policies)
    {
        var secret = new PushedSecret(await EmbeddedCluster.StartAsync(hasWalls: true));
        foreach (var (spec, i) in policies.Select((spec, i) => (spec, i)))
            await secret.PutPolicy(spec, $"p{i}");
        await secret.Label("a");
        return secret;
    }

    /// <summary>Creates or changes a SecretPolicy, and waits until the controllers are idle.</summary>
    public async Task PutPolicy(string spec, string name = "p0")
    {
        await Cluster.Put(PolicyYaml.Object(spec, name));
        await Cluster.WhenQuiet();
    }

    /// <summary>Labels the Namespace default, creating it if necessary, and waits.</summary>
    public async Task Label(string team)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var labels = new JsonObject { ["team"] = team };
        if (await Cluster.Store.Get(ResourceType.Namespace, new(null, "default"), cancellation) is { } present)
        {
            present["metadata"]!["labels"] = labels;
            await Cluster.Store.Replace(present, cancellation);
        }
        else
        {
            await Cluster.Put(new()
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Namespace",
                ["metadata"] = new JsonObject { ["name"] = "default", ["labels"] = labels },
            });
        }

        await Cluster.WhenQuiet();
    }

    /// <summary>A config with two fields, one of them generated, and further options.</summary>
    public static JsonObject Config(string options = "{}", string username = "admin")
    {
        var config = new JsonObject
        {
            ["secretName"] = Name,
            ["fields"] = new JsonObject
            {
                ["username"] = new JsonObject { ["value"] = username },
                ["password"] = new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 32 } },
            },
        };
        foreach (var (key, value) in JsonNode.Parse(options)!.AsObject())
            config[key] = value?.DeepClone();
        return config;
    }

    /// <summary>Puts the Component and waits until the controllers are idle.</summary>
    public async Task<Component> Put(JsonObject config, string name = "app-credentials")
    {
        await Cluster.PutComponent(name, config);
        await Cluster.WhenQuiet();
        return await Cluster.Component(name);
    }

    public async Task<Component> Advance(TimeSpan by, string name = "app-credentials")
    {
        await Cluster.Advance(by);
        return await Cluster.Component(name);
    }

    public async Task Delete(string name = "app-credentials")
    {
        await Cluster.Delete(name);
        await Cluster.WhenQuiet();
    }

    public async Task<bool> Exists(string name = "app-credentials") =>
        await Cluster.Store.Get(ResourceType.Component, new("default", name), TestContext.Current.CancellationToken) is not null;

    /// <summary>The stored Component, to change and write back.</summary>
    public async Task<JsonObject> Stored(string name = "app-credentials") =>
        (await Cluster.Store.Get(ResourceType.Component, new("default", name), TestContext.Current.CancellationToken))!;

    public async Task Annotate(string requestedAt, string name = "app-credentials")
    {
        var component = await Stored(name);
        component["metadata"]!["annotations"] = new JsonObject { [ApiGroup.RequestedAtAnnotation] = requestedAt };
        await Cluster.Store.Replace(component, TestContext.Current.CancellationToken);
        await Cluster.WhenQuiet();
    }

    /// <summary>Deletes the status, as a restore from a backup without it does.</summary>
    public async Task LoseStatus(string name = "app-credentials")
    {
        var component = await Stored(name);
        component["status"] = new JsonObject();
        await Cluster.Store.ReplaceStatus(component, TestContext.Current.CancellationToken);
        await Cluster.WhenQuiet();
    }

    /// <summary>A backup of the Components.</summary>
    public Task<IReadOnlyList<JsonObject>> BackUp() => Cluster.BackUp(ResourceType.Component);

    /// <summary>Loses the Components, and restores them from a backup.</summary>
    public Task RestoreBackup(IReadOnlyList<JsonObject> backup, bool withStatus) => Cluster.RestoreBackup(ResourceType.Component, backup, withStatus);

    /// <summary>A call by another user, without our client.</summary>
    public Task<Answer> Aws(string operation, object? parameters = null, string region = "us-east-1", string accessKeyId = "AKIDEXAMPLE") =>
        Cluster.ByHand(operation, parameters, region, accessKeyId);

    /// <summary>An access key of another account, as STS issues it for a role there.</summary>
    public Task<string> AccessKeyOf(string account) => AwsJsonClient.AccessKeyOf(Cluster.SecretsManager.Endpoint, account);

    public async Task<JsonObject> Value(string name = Name, string region = "us-east-1") =>
        JsonNode.Parse((await Aws("GetSecretValue", new { SecretId = name }, region)).Ok().Text("SecretString"))!.AsObject();

    public async Task<string> VersionId(string name = Name) => (await Aws("GetSecretValue", new { SecretId = name })).Ok().Text("VersionId");

    public async Task<Answer> Describe(string name = Name, string region = "us-east-1") => await Aws("DescribeSecret", new { SecretId = name }, region);

    public async Task<Dictionary<string, string>> Tags(string name = Name) =>
        ((await Describe(name)).Ok()["Tags"]?.AsArray() ?? []).ToDictionary(t => (string)t!["Key"]!, t => (string)t!["Value"]!);

    /// <summary>The number of versions ever written to the secret that now has the name.</summary>
    public async Task<int> Versions(string name = Name) =>
        (await Aws("ListSecretVersionIds", new { SecretId = name, IncludeDeprecated = true, MaxResults = 100 })).Ok()["Versions"]!.AsArray().Count;

    public async Task<bool> IsThere(string name = Name, string region = "us-east-1") =>
        await Describe(name, region) is { Status: 200 } secret && secret["DeletedDate"] is null;

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
