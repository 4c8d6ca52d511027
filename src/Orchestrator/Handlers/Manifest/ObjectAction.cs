namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>What manifest does with an object, and why: one of the records below. Events, status messages and <c>dorch plan</c> all read it.</summary>
internal abstract record ObjectAction
{
    private ObjectAction(InventoryEntry entry, string reason) => (Entry, Reason) = (entry, reason);

    /// <summary>The object.</summary>
    public InventoryEntry Entry { get; }

    /// <summary>Why, as a clause of a message: <c>it does not exist</c>.</summary>
    public string Reason { get; }

    /// <summary>The event to report once it is done; null for none.</summary>
    public HandlerEvent? Event { get; private init; }

    /// <summary>The status message of a Component that cannot continue before; null if it continues.</summary>
    public string? WaitsFor { get; private init; }

    /// <summary>Create it.</summary>
    public sealed record Create : ObjectAction
    {
        public Create(InventoryEntry entry)
            : base(entry, "it does not exist") => Event = new("ResourceCreated", $"Created {entry}");
    }

    /// <summary>Apply it, and take it over from a Component that no longer lists it.</summary>
    public sealed record TakeOver : ObjectAction
    {
        public TakeOver(InventoryEntry entry, ObjectOwner former, bool isGone)
            : base(entry, $"Component {former.Value} no longer lists it") => Event = new(
                "ResourceTakenOver", $"took over {entry} from Component {former.Value}, {(isGone ? "which is gone" : "which no longer lists it")}");
    }

    /// <summary>Apply it, which corrects differences.</summary>
    public sealed record Update(InventoryEntry Target) : ObjectAction(Target, "it differs from the manifest");

    /// <summary>Delete it.</summary>
    public sealed record Delete : ObjectAction
    {
        public Delete(InventoryEntry entry, bool isPruned)
            : base(entry, isPruned ? "it is no longer among the manifests" : "the Component is deleted") => Event = new("ResourceDeleted", $"Deleted {entry}");
    }

    /// <summary>Wait until other clients' finalizers are removed.</summary>
    public sealed record AwaitDeletion : ObjectAction
    {
        public AwaitDeletion(InventoryEntry entry, IEnumerable<string?> finalizers)
            : base(entry, $"{string.Join(", ", finalizers)} holds it") => WaitsFor = $"waits until {entry} is gone: {Reason}";
    }

    /// <summary>Wait until it is known whether an heir lists it.</summary>
    public sealed record AwaitHeir : ObjectAction
    {
        public AwaitHeir(InventoryEntry entry, Heir heir)
            : base(entry, $"{heir.Name} may list it") =>
            WaitsFor = $"waits to learn whether {heir.Name} lists {entry}: its references are not resolved yet";
    }

    /// <summary>Keep it in the inventory until its heir has taken it over.</summary>
    public sealed record KeepForHeir(InventoryEntry Target, Heir Heir) : ObjectAction(Target, $"{Heir.Name} takes it over");

    /// <summary>Release it and leave it in place.</summary>
    public sealed record Leave : ObjectAction
    {
        private Leave(InventoryEntry entry, string reason, bool isWarning = false, string? text = null)
            : base(entry, reason) => Event = new("ResourceLeft", text ?? $"left {entry} in place: {reason}", isWarning);

        /// <summary>Leaves it to a Component that lists it, or that may.</summary>
        public static Leave ToHeir(InventoryEntry entry, Heir heir) => heir.IsCertain ? new(entry, $"{heir.Name} takes it over")
            : new(entry, $"{heir.Name} may list it, and its references are still not resolved", isWarning: true);

        /// <summary>Leaves it to the Component that it was handed over to.</summary>
        public static Leave ToNewOwner(InventoryEntry entry, ObjectOwner other) => new(entry, $"Component {other.Value} took it over");

        /// <summary>Leaves it to a foreign owner.</summary>
        public static Leave ToForeignOwner(InventoryEntry entry, string owner) =>
            new(entry, $"it {owner}", isWarning: true, $"{entry} is not deleted: it {owner}");

        /// <summary>Leaves it to the next Component of this name.</summary>
        public static Leave AfterRestore(InventoryEntry entry) =>
            new(entry, "this Component came from a backup with an owner that is gone, and the next one takes the object over");
    }
}
