using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>An entry of a random Composition.</summary>
/// <param name="Id">What it makes is called after this, so that it is the same when the entry is renamed.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its handler.</param>
/// <param name="Value">A value of its own.</param>
/// <param name="Needs">The ids of those that it needs.</param>
internal sealed record RandomEntry(int Id, string Name, string Type, string Value, IReadOnlyList<int> Needs)
{
    /// <summary>A handler that runs nowhere in this process.</summary>
    public const string Foreign = "rds";

    /// <summary>The policy of a secret whose value is to be the last one.</summary>
    public const string AlwaysUpdate = "AlwaysUpdate";

    public static readonly string[] Types = ["config-reader", "config-reader", "secret-push", "manifest", Foreign];

    /// <summary>What it makes outside of Components: a secret or a ConfigMap; null where it makes nothing.</summary>
    public string? Makes => Type switch { "secret-push" => $"secret/{Id}", "manifest" => $"made-{Id}", _ => null };

    /// <summary>Whether a generated value is kept when its inputs change.</summary>
    public bool KeepsItsValue => Type == "secret-push" && Id % 2 != 0;

    /// <summary>The entry as it stands in the Composition.</summary>
    public JsonObject Json(IReadOnlyDictionary<int, RandomEntry> all)
    {
        var needs = Needs.Select(id => all[id]).ToList();
        // What takes values takes all that there are; the others only wait.
        var values = Type is "config-reader" ? [] : needs.Where(n => n.Output is not null).ToList();
        var value = string.Join('-', [Value, .. values.Select(n => $"{{{{ .{n.Name}.providerStatus.{n.Output} }}}}")]);
        return new()
        {
            ["name"] = Name,
            ["type"] = Type,
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

    // Every second one follows its value.
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
        return config;
    }

    private string? Output => Type switch { "config-reader" => "v", "secret-push" => "secretName", Foreign => "endpoint", _ => null };
}
