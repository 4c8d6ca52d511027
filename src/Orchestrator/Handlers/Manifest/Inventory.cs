using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// The objects of a Component, in the order of their first apply, each once. The status has it twice: an object enters <see cref="IntentKey"/> in
/// <c>applied</c> before its first apply, so that a crash orphans nothing, and <see cref="OutputKey"/> in <c>providerStatus</c> once its apply was answered.
/// Objects of the second are applied with force; others only as <see cref="ObjectClaim"/> allows.
/// </summary>
/// <param name="Entries">The objects.</param>
internal sealed record Inventory(IReadOnlyList<InventoryEntry> Entries)
{
    /// <summary>The key in <c>status.applied</c>.</summary>
    public const string IntentKey = "resources";

    /// <summary>The key in <c>status.providerStatus</c>.</summary>
    public const string OutputKey = "appliedResources";

    private const string AccountKey = ObjectFields.AccountKey;

    /// <summary>The ServiceAccount in an applied state; null if there is none.</summary>
    public static string? AccountOf(JsonObject applied) => new ResourceView(applied).Text(AccountKey);

    /// <summary>Reads the inventory under a key of a status; invalid entries are skipped.</summary>
    public static Inventory Read(JsonObject status, string key) =>
        new([.. (status[key] as JsonArray ?? []).Select(InventoryEntry.Read).OfType<InventoryEntry>()]);

    /// <summary>Whether it has the object, in any version.</summary>
    public bool Has(InventoryEntry entry) => Entries.Any(entry.IsSameObject);

    /// <summary>The inventory with the entry: in place of the same object, or at the end.</summary>
    public Inventory With(InventoryEntry entry) =>
        new(Has(entry) ? [.. Entries.Select(e => e.IsSameObject(entry) ? entry : e)] : [.. Entries, entry]);

    /// <summary>The entries that the other does not have, followed by all of the other.</summary>
    public Inventory Then(Inventory other) => new([.. Without(other).Entries, .. other.Entries]);

    /// <summary>The entries that the other does not have.</summary>
    public Inventory Without(Inventory other) => new([.. Entries.Where(e => !other.Has(e))]);

    /// <summary>The entries that the other has too.</summary>
    public Inventory Within(Inventory other) => new([.. Entries.Where(other.Has)]);

    /// <summary>A JSON object with the list under the key.</summary>
    public JsonObject ToStatus(string key) => new() { [key] = new JsonArray([.. Entries.Select(e => e.ToJson())]) };

    /// <summary>The applied state: the inventory, and the ServiceAccount that applies it, if any.</summary>
    public JsonObject ToApplied(string? account)
    {
        var applied = ToStatus(IntentKey);
        if (account is not null)
            applied[AccountKey] = account;
        return applied;
    }
}
