using System.Runtime.CompilerServices;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// Why secret-push does what it does with a secret: the one source of what events, conditions, messages, the log, metrics and <c>dorch plan</c> say of it.
/// </summary>
/// <param name="Code">The reason in a word that never changes: the log and the label of a metric have it.</param>
/// <param name="Text">The reason in words.</param>
internal sealed record ActionReason(string Code, string Text)
{
    private const string AskForAdoption = "set adopt: true to take it over";

    private static ActionReason Of(string text, [CallerMemberName] string code = "") => new(code, text);

    // Why a value is written.
    public static readonly ActionReason NotThere = Of("it does not exist");
    public static readonly ActionReason Vanished = Of("it was created before, and another client deleted it: every generated value is new");
    public static readonly ActionReason NoValue = Of("it has no value yet");
    public static readonly ActionReason Unfinished = Of("an interrupted write is finished");
    public static readonly ActionReason NeverWritten = Of("secret-push has not written a value to it, and updatePolicy is AlwaysUpdate");
    public static readonly ActionReason PolicyChanged = Of("updatePolicy became AlwaysUpdate");
    public static readonly ActionReason FieldsChanged = Of("its fields changed, and updatePolicy is AlwaysUpdate: every generated value is new");
    public static readonly ActionReason Requested = Of($"the annotation {ApiGroup.RequestedAtAnnotation} changed");

    // Why it is restored, or its value is kept.
    public static readonly ActionReason Restored = Of("it was scheduled for deletion, and its value is kept");
    public static readonly ActionReason Regenerated = Of("it was scheduled for deletion, and every generated value is new");
    public static readonly ActionReason MetadataChanged = Of("only its KMS key, description or tags change: its value is kept");
    public static readonly ActionReason WrittenOnce = Of("updatePolicy is IfNotExists: its value is kept");
    public static readonly ActionReason Recognized = Of("recognised, value kept: an earlier Component of this name wrote it");

    // Facts hidden behind a wall between namespaces.
    public static readonly ActionReason OwnedElsewhere = Of("the secret is owned by a Component of another namespace: choose another secretName, "
        + "or ask an administrator for takeOverFrom in a SecretPolicy where the namespace was renamed");
    public static readonly ActionReason HeldElsewhere = Of("the secret is owned by an existing Component of another namespace: "
        + "this one takes it over with its value as soon as that one is removed");
    public static readonly ActionReason NamedElsewhere = Of("a Component of another namespace names it too, and may take it over");
    public static readonly ActionReason WantedElsewhere = Of("an entry of a Composition of another namespace still wants it");

    // Why nothing is done yet.
    public static readonly ActionReason NotShownYet = Of("AWS does not show the secret yet that was just written");
    public static readonly ActionReason WriteNotShownYet = Of("AWS says that the value was written, and does not show it yet");
    public static readonly ActionReason NameInUse = Of("waiting for AWS to free the secret's name");
    public static readonly ActionReason Contended = Of("another client changes the secret at the same time");
    public static readonly ActionReason FactMissing = Of("a fact is read from AWS first");

    // Why a secret is released in place, or deleted.
    public static readonly ActionReason Retain = Of("deletionPolicy is Retain");
    public static readonly ActionReason NeverOurs = Of("this Component never wrote it, and its Composition is gone");
    public static readonly ActionReason AlreadyGone = Of("it does not exist any more");
    public static readonly ActionReason AlreadyScheduled = Of("it is already scheduled for deletion");
    public static readonly ActionReason StillNamed = Of("the Component still names it");
    public static readonly ActionReason DescribeDenied = Of("whether it exists is unknown: DescribeSecret is denied");
    public static readonly ActionReason ComponentDeleted = Of("the Component is deleted, and deletionPolicy is Delete");
    public static readonly ActionReason Renamed = Of("the Component names another secret now, and deletionPolicy is Delete");

    public static ActionReason IntervalOver(TimeSpan interval) => Of($"its refreshInterval of {GoDuration.ToText(interval)} is over");

    public static ActionReason NotDue(DateTimeOffset next, bool isRecognized) =>
        Of($"{(isRecognized ? Recognized.Text : "it is up to date")}; the next value is due at {TimestampConverter.ToText(next)}");

    /// <summary>IfNotExists keeps a value written from other fields.</summary>
    public static ActionReason FieldsIgnored(SecretPushConfig config, bool wasRestored) =>
        Of($"fields changed after the secret was written{(wasRestored ? ", it was restored with its value" : "")}, and IfNotExists leaves its value: "
        + "set updatePolicy: AlwaysUpdate, or "
        + (config.Recreate == Recreate.Restore ? $"take recreate: Restore and the label {RestoredObject.Label} off, then " : "")
        + "delete and recreate the Component");

    public static ActionReason OverBudget(DateTimeOffset allowed) => Of($"a new value waits until {TimestampConverter.ToText(allowed)}: "
        + "a secret is written at most 5 times in a burst and 96 times a day, since AWS keeps every version for a day");

    public static ActionReason InvalidRequest(string refusal) => Of(refusal);

    public static ActionReason Abandoned(string who) => Of($"it belongs to {who}, which is gone: its value is kept");

    public static ActionReason Adopted(string who) => Of($"it belongs to {who}, and adopt is true: its value is kept");

    /// <summary>A foreign secret satisfies IfNotExists.</summary>
    public static ActionReason Foreign(string who, bool isEmpty) => Of(isEmpty
        ? $"the secret has no value (no AWSCURRENT), so External Secrets Operator cannot read it, and belongs to {who}: left untouched; "
            + "set adopt: true to give it one, or put one into it"
        : $"the secret exists and belongs to {who}: left untouched; {AskForAdoption}");

    /// <summary>A foreign secret does not satisfy AlwaysUpdate.</summary>
    public static ActionReason ForeignConflict(string name, string who, bool isEmpty) =>
        Of($"the secret \"{name}\" belongs to {who}{(isEmpty ? " and has no value (no AWSCURRENT)" : "")}: choose another secretName, or {AskForAdoption}");

    public static ActionReason ForeignScheduled(string name, string who) =>
        Of($"the secret \"{name}\" is scheduled for deletion and belongs to {who}: choose another secretName, restore it yourself, or set adopt: true");

    public static ActionReason Held(string holder) =>
        Of($"the secret belongs to {holder}, an existing Component of this cluster: choose another secretName here or there, "
        + "or remove that Component; then this one takes the secret over with its value");

    public static ActionReason RotatedByAws(string name) =>
        Of($"rotation is switched on in AWS for \"{name}\": switch it off, or set updatePolicy: IfNotExists");

    public static ActionReason OtherAccount(string actual, string known) =>
        Of($"the credentials are of account {actual}, but the secret was made in {known}: nothing is written; set roleArn for the right account");

    public static ActionReason OtherAccountOf(string name, string actual, string known) =>
        Of($"the credentials are of account {actual}, but {name} was made in {known}: nothing is deleted; "
        + "use credentials of that account, or set deletionPolicy: Retain");

    public static ActionReason MayTurnUp(string name) => Of($"waiting for AWS to show whether {name} exists");

    public static ActionReason CompositionMayGo(string composition) => Of($"waiting a moment to see whether Composition {composition} is deleted, too");

    public static ActionReason NamedByAnother(string other) => Of($"{other} names it too");

    public static ActionReason WantedByEntry(string entry, string composition) => Of($"the entry {entry} of Composition {composition} still wants it");

    public static ActionReason BelongsTo(string who) => Of($"it belongs to {who}");

    public static ActionReason HasReplicas(string name, IReadOnlyList<string> regions) =>
        Of($"AWS does not delete {MessageText.Limit(name, 64)} while it has replicas in {string.Join(", ", regions.Take(3))}"
        + (regions.Count > 3 ? $" and {regions.Count - 3} more" : "")
        + ": remove them with aws secretsmanager remove-regions-from-replication, or set deletionPolicy: Retain");
}
