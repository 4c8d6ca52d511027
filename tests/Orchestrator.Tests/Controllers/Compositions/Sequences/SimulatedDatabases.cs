using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>Objects of a kind whose controller the test simulates: it fills in their status.</summary>
internal static class SimulatedDatabases
{
    /// <summary>Their kind.</summary>
    public static readonly ResourceType Type = new("databases.example.org", "v1", "Database");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The name of the database of an entry.</summary>
    public static string Name(int id) => $"made-db-{id}";

    /// <summary>A config of manifest that applies one and outputs its endpoint.</summary>
    public static JsonObject Config(int id, string value) => Config(Name(id), value);

    /// <summary>A config of manifest that applies one and outputs its endpoint.</summary>
    public static JsonObject Config(string name, string value) => new()
    {
        ["manifests"] = new JsonArray(
            new JsonObject
            {
                ["apiVersion"] = Type.ApiVersion,
                ["kind"] = Type.Kind,
                ["metadata"] = new JsonObject { ["name"] = name },
                ["spec"] = new JsonObject { ["value"] = value },
            }),
        ["outputs"] = new JsonObject
        {
            ["endpoint"] = new JsonObject { ["kind"] = Type.Kind, ["name"] = name, ["path"] = "status.endpoint.address" },
            ["port"] = new JsonObject { ["kind"] = Type.Kind, ["name"] = name, ["path"] = "status.endpoint.port" },
        },
    };

    /// <summary>The current endpoint of a database; null if it has none.</summary>
    public static string? Endpoint(JsonObject? database) => (string?)database?["status"]?["endpoint"]?["address"];

    /// <summary>Sets or removes the endpoint and port of a database.</summary>
    /// <returns>Whether the database exists.</returns>
    public static async Task<bool> Fill(IResourceStore store, ObjectKey key, string? address, bool hasPort = true)
    {
        while (await store.Get(Type, key, Cancellation) is { } database)
        {
            var endpoint = new JsonObject();
            if (address is not null)
                endpoint["address"] = address;
            if (hasPort)
                endpoint["port"] = 5432;
            database["status"] = new JsonObject { ["phase"] = address is null ? "waiting" : "available", ["endpoint"] = endpoint };
            try
            {
                await store.ReplaceStatus(database, Cancellation);
                return true;
            }
            catch (ResourceException e) when (e.Error is ResourceError.Conflict or ResourceError.NotFound)
            {
                // The controllers wrote in between: retry.
            }
        }

        return false;
    }
}
