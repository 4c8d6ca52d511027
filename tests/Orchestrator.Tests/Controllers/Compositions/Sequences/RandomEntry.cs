using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>An entry of a random Composition.</summary>
/// <param name="Id">Its resource is named after this, so that it stays the same when the entry is renamed.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its handler; or <see cref="Database"/>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Needs">The ids of its dependencies.</param>
internal sealed record RandomEntry(int Id, string Name, string Type, string Value, IReadOnlyList<int> Needs)
{
    /// <summary>A handler that does not run in this process.</summary>
    public const string Foreign = "rds";

    /// <summary>The handler manifest with an object whose status another controller fills in, and an output from it.</summary>
    public const string Database = "database";

    /// <summary>The policy of a secret that must have the latest value.</summary>
    public const string AlwaysUpdate = "AlwaysUpdate";

    public static readonly string[] Types = ["config-reader", "config-reader", "secret-push", "manifest", Foreign];

    public static readonly string[] TypesWithOutputs = [Database, Database, "secret-push", "secret-push", "secret-push", "manifest", Foreign];

    /// <summary>The time after which such a secret gets a new value without a change; null for the default.</summary>
    public string? RefreshInterval { get; init; }

    /// <summary>The resource that it creates besides its Component: a secret, a ConfigMap or a database; null for none.</summary>
    public string? Makes => Type switch { "secret-push" => $"secret/{Id}", "manifest" => $"made-{Id}", Database => SimulatedDatabases.Name(Id), _ => null };

    /// <summary>The ids of the dependencies whose outputs it uses.</summary>
    public IEnumerable<int> TakesFrom(IReadOnlyDictionary<int, RandomEntry> all) =>
        Type is "config-reader" ? [] : Needs.Where(id => all[id].Output is not null);

    /// <summary>Whether its outputs contain its inputs.</summary>
    public bool PassesOn => Type == Foreign;

    /// <summary>Whether a generated value is kept when its inputs change.</summary>
    public bool KeepsItsValue => Type == "secret-push" && Id % 2 != 0;

    /// <summary>The entry's JSON in the Composition.</summary>
    public JsonObject Json(IReadOnlyDictionary<int, RandomEntry> all)
    {
        var needs = Needs.Select(id => all[id]).ToList();
        // An entry that uses outputs uses all of them; the others only wait.
        var values = TakesFrom(all).Select(id => all[id]).ToList();
        var value = string.Join('-', [Value, .. values.Select(n => $"{{{{ .{n.Name}.providerStatus.{n.Output} }}}}")]);
        return new()
        {
            ["name"] = Name,
            ["type"] = Type == Database ? "manifest" : Type,
            ["dependsOn"] = new JsonArray([.. needs.Except(values).Select(n => (JsonNode)n.Name)]),
            ["config"] = Type switch
            {
                "config-reader" =>
                    new JsonObject
                    {
                        ["sources"] = new JsonArray(
                    new JsonObject { ["name"] = $"source-{Id % RandomComposition.Sources}", ["exports"] = new JsonArray(new JsonObject { ["key"] = "v" }) })
                    },
                "secret-push" => SecretPush(value),
                Database => SimulatedDatabases.Config(Id, value),
                "manifest" =>
                    new JsonObject
                    {
                        ["manifests"] = new JsonArray(
                    new JsonObject
                    {
                        ["apiVersion"] = "v1",
                        ["kind"] = "ConfigMap",
                        ["metadata"] = new JsonObject { ["name"] = Makes },
                        ["data"] = new JsonObject { ["value"] = value }
                    })
                    },
                _ => new JsonObject { ["value"] = value },
            },
        };
    }

    // Every second secret follows its value.
    private JsonObject SecretPush(string value)
    {
        var config = new JsonObject
        {
            ["secretName"] = Makes,
            ["fields"] = new JsonObject
            {
                ["value"] = new JsonObject { ["value"] = value },
                ["password"] = new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 8 } },
            },
        };
        if (!KeepsItsValue)
            config["updatePolicy"] = AlwaysUpdate;
        if (!KeepsItsValue && RefreshInterval is not null)
            config["refreshInterval"] = RefreshInterval;
        return config;
    }

    private string? Output => Type switch { "config-reader" => "v", "secret-push" => "secretName", Foreign or Database => "endpoint", _ => null };
}
