using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>One rule broken by one attack, in its own world.</summary>
internal sealed partial class EscapeCell(IEscapeWorld world, EscapeRule rule, EscapeWay way)
{
    private const string App = "app";
    private const string Owner = "vault-owner";
    private const string Graph = "graph";

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public IEscapeWorld World => world;

    public string Namespace => world.Namespace;

    /// <summary>A config that keeps the rule.</summary>
    public JsonObject Good => rule.GoodIn(world);

    /// <summary>A config that breaks it.</summary>
    public JsonObject Bad => rule.BadIn(world);

    /// <summary>The value of the rule's key in it.</summary>
    public string BadValue => (string)Bad[rule.Key]!;

    /// <summary>The neighbour's Component, as in a backup of its namespace.</summary>
    public JsonObject Backup { get; private set; } = [];

    /// <summary>The tenant's own Component before the neighbour took its secret over; null without a takeover.</summary>
    public JsonObject? OwnBackup { get; private set; }

    private string VictimName => EscapeRule.In(world, rule.Victim.Name);

    /// <summary>Runs the cell.</summary>
    /// <returns>The failure; null when the policy holds.</returns>
    public async Task<string?> Run()
    {
        await MakeWorld();
        await way.Prepare(this);
        await world.Quiet();
        var before = await SecretsPicture.Of(world);
        await way.Act(this);
        await world.Quiet();

        var failures = new List<string>();
        Compare(before, await SecretsPicture.Of(world), failures);
        await CheckStatus(failures);
        await CheckTexts(failures);
        return failures.Count == 0 ? null : $"{rule}, {way.Name}:\n  {string.Join("\n  ", failures)}";
    }

    /// <summary>The breaking config, with its value as a reference to the output <c>v</c> of a Component.</summary>
    public JsonObject BadBy(string component)
    {
        var config = Bad;
        config[rule.Key] = $"{{{{ .{component}.providerStatus.v }}}}";
        return config;
    }

    /// <summary>The tenant sets the Component's config.</summary>
    public Task Put(JsonObject config) => Tenant(NewResource.Component(Namespace, App, "secret-push", config));

    /// <summary>The tenant sets the Composition's only entry.</summary>
    public Task PutEntry(string name, JsonObject config) => Tenant(NewResource.Composition(
        Namespace, Graph, new JsonObject { ["name"] = name, ["type"] = "secret-push", ["config"] = config }));

    public Task Tenant(JsonObject resource) => Put(world.Tenant, resource);

    public Task Platform(JsonObject resource) => Put(world.Platform, resource);

    public Task Delete() => world.Tenant.Delete(ResourceType.Component, new(Namespace, App), new(), Cancellation);

    /// <summary>An administrator lets the tenant do everything.</summary>
    public Task PutFreedom() => PutPolicy(PolicyName, FreeSpec(world.Namespace));

    /// <summary>An administrator writes the policy of the rule, or deletes it if the rule has none.</summary>
    public async Task PutWalls()
    {
        if (rule.PolicyIn(world) is { } spec)
            await PutPolicy(PolicyName, spec);
        else if (await world.Platform.Get(ResourceType.SecretPolicy, new(null, PolicyName), Cancellation) is not null)
            await world.Platform.Delete(ResourceType.SecretPolicy, new(null, PolicyName), new(), Cancellation);
    }

    /// <summary>The neighbour deletes its Component and leaves the secret.</summary>
    public async Task DeleteNeighbour()
    {
        if (await NeighboursComponent() is not null)
            await world.Platform.Delete(ResourceType.Component, new(world.Neighbour, Owner), new(), Cancellation);
    }

    private Task<JsonObject?> NeighboursComponent() => world.Platform.Get(ResourceType.Component, new(world.Neighbour, Owner), Cancellation);

    /// <summary>The tenant requests a reconcile of the Component.</summary>
    public Task RequestLook() => Edit(world.Tenant, c =>
        (c["metadata"]!["annotations"] ??= new JsonObject())[ApiGroup.RequestedAtAnnotation] = "now");

    /// <summary>A user with that right writes the status of the tenant's Component.</summary>
    public async Task SetStatus(JsonObject status, string? ns = null, string name = App)
    {
        while (true)
        {
            var component = (await world.Platform.Get(ResourceType.Component, new(ns ?? Namespace, name), Cancellation))!;
            component["status"] = status.DeepClone();
            try
            {
                await world.Platform.ReplaceStatus(component, Cancellation);
                return;
            }
            catch (ResourceException e) when (e.Error == ResourceError.Conflict)
            {
                // The operator was faster.
            }
        }
    }

    public Task<JsonObject?> Stored() => world.Platform.Get(ResourceType.Component, new(Namespace, App), Cancellation);

    /// <summary>The victim as an entry of <c>status.applied.targets</c>.</summary>
    public async Task<JsonObject> VictimAsTarget()
    {
        var client = await SecretsPicture.Client(world, rule.Victim.Region, rule.Victim.Account);
        var target = new JsonObject
        {
            ["name"] = VictimName,
            ["region"] = rule.Victim.Region,
            ["arn"] = (await client.Call("DescribeSecret", new { SecretId = VictimName })).Ok().Arn,
        };
        if (rule.Victim.Account != EscapeRule.OwnAccount)
            target["roleArn"] = $"arn:aws:iam::{rule.Victim.Account}:role/admin";
        return target;
    }

    private string PolicyName => $"walls-of-{world.Prefix}";

    // The neighbour may have everything.
    private Task MakePolicyOfNeighbour() => PutPolicy($"freedom-of-{world.Prefix}", FreeSpec(world.Neighbour));

    private static JsonObject FreeSpec(string ns, params string[] takeOverFrom) => JsonNode.Parse($$$"""
        {"namespaces":{"matchNames":["{{{ns}}}"]},"limits":{"generatedFields":1000},
         "allow":{"secretNames":["*"],"regions":["*"],"roleArns":["*"],"kmsKeyIds":["*"],"adopt":true,
                  "takeOverFrom":[{{{string.Join(',', takeOverFrom.Select(from => $"\"{from}\""))}}}]}}
        """)!.AsObject();

    private Task PutPolicy(string name, JsonObject spec) => Put(world.Platform, new()
    {
        ["apiVersion"] = ApiGroup.ApiVersion,
        ["kind"] = "SecretPolicy",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = spec,
    });

    private static async Task Put(IResourceStore store, JsonObject resource)
    {
        var (type, key) = (ResourceType.Of(resource), ObjectKey.Of(resource));
        while (true)
        {
            if (await store.Get(type, key, Cancellation) is not { } present)
            {
                await store.Create(resource, Cancellation);
                return;
            }

            present["spec"] = resource["spec"]?.DeepClone();
            try
            {
                await store.Replace(present, Cancellation);
                return;
            }
            catch (ResourceException e) when (e.Error == ResourceError.Conflict)
            {
                // The operator wrote in between.
            }
        }
    }

    private async Task Edit(IResourceStore store, Action<JsonObject> change)
    {
        while (true)
        {
            var component = (await Stored())!;
            change(component);
            try
            {
                await store.Replace(component, Cancellation);
                return;
            }
            catch (ResourceException e) when (e.Error == ResourceError.Conflict)
            {
                // The operator wrote in between.
            }
        }
    }
}
