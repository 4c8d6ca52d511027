using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// The objects of a Component, in the order in which they were applied, each once. It stands twice in the status: under <see cref="IntentKey"/> in
/// <c>applied</c> an object enters before its first apply, so that a crash orphans nothing; under <see cref="OutputKey"/> in <c>providerStatus</c>
/// once its apply was answered. An object of the second is applied with force at once, any other only as <see cref="ObjectClaim"/> says.
/// </summary>
/// <param name="Entries">The objects.</param>
internal sealed record Inventory(IReadOnlyList<InventoryEntry> Entries)
{
    /// <summary>The key in <c>status.applied</c>.</summary>
    public const string IntentKey = "resources";

    /// <summary>The key in <c>status.providerStatus</c>.</summary>
    public const string OutputKey = "appliedResources";

    private const string AccountKey = "serviceAccountName";

    /// <summary>The ServiceAccount that a memory has beside its inventory; null where there is none.</summary>
    public static string? AccountOf(JsonObject applied) => new ResourceView(applied).Text(AccountKey);

    /// <summary>The inventory under a key of a status; what is not an entry is skipped.</summary>
    public static Inventory Read(JsonObject status, string key) =>
        new([.. (status[key] as JsonArray ?? []).Select(InventoryEntry.Read).OfType<InventoryEntry>()]);

    /// <summary>Whether the object is in it, in whatever version.</summary>
    public bool Has(InventoryEntry entry) => Entries.Any(entry.IsSameObject);

    /// <summary>The inventory with the entry: in the place of the same object, or at the end.</summary>
    public Inventory With(InventoryEntry entry) =>
        new(Has(entry) ? [.. Entries.Select(e => e.IsSameObject(entry) ? entry : e)] : [.. Entries, entry]);

    /// <summary>The entries that the other does not have, then all of the other.</summary>
    public Inventory Then(Inventory other) => new([.. Without(other).Entries, .. other.Entries]);

    /// <summary>The entries that the other does not have.</summary>
    public Inventory Without(Inventory other) => new([.. Entries.Where(e => !other.Has(e))]);

    /// <summary>The entries that the other has too.</summary>
    public Inventory Within(Inventory other) => new([.. Entries.Where(other.Has)]);

    /// <summary>An object with the list under the key.</summary>
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
