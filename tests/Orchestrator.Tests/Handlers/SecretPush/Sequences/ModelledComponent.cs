using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Sequences;

/// <summary>Whether an event makes a new value due.</summary>
internal enum Due
{
    Never,
    Maybe,
    Surely,
}

/// <summary>The model of one Component: not the decisions of secret-push, but the events that may make a value due.</summary>
internal sealed class ModelledComponent(string name)
{
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private DateTimeOffset? slots;

    public string Name => name;

    public string OwnerDigest { get; } = new SecretOwner("test-cluster", "default", name).OwnerDigest;

    /// <summary>The config; null if the Component does not exist or is terminating.</summary>
    public JsonObject? Config { get; set; }

    /// <summary>Whether it was deleted and still exists.</summary>
    public bool IsGoing { get; set; }

    public bool IsAlways => (string?)Config?["updatePolicy"] == "AlwaysUpdate";

    public string? SecretName => (string?)Config?["secretName"];

    /// <summary>Whether its secret is in place, the status reports that, and no event is unprocessed.</summary>
    public bool IsWell { get; private set; }

    /// <summary>Whether an event since it was last well may make a value due.</summary>
    public bool Owed { get; private set; }

    /// <summary>The effect of this step.</summary>
    public Due Due { get; private set; }

    /// <summary>Records an event; of several in one step, one that certainly makes a value due counts.</summary>
    /// <param name="due">Whether it makes a value due.</param>
    /// <param name="setsSlots">Whether the slots of AlwaysUpdate count from this event, now or at an unknown time.</param>
    /// <param name="now">The time.</param>
    public void Happens(Due due, bool setsSlots = false, DateTimeOffset? now = null)
    {
        Due = due > Due ? due : Due;
        if (setsSlots)
            slots = due == Due.Surely && (IsWell || now is not null) ? now : null;
    }

    /// <summary>Records the passing of time: the end of each slot makes a value due.</summary>
    public void Passes(DateTimeOffset before, DateTimeOffset after)
    {
        if (!IsAlways)
            return;
        if (slots is not { } first)
            Happens(Due.Maybe);
        else if (Passed(first, after) > Passed(first, before))
            Happens(IsWell ? Due.Surely : Due.Maybe);

        static long Passed(DateTimeOffset first, DateTimeOffset at) => (at - first) / Interval is var slots ? (long)Math.Floor(slots) : 0;
    }

    /// <summary>Ends the step, with the controllers idle.</summary>
    /// <param name="versions">The number of versions that it wrote in the step.</param>
    /// <param name="isWell">Whether it is well now.</param>
    /// <param name="isUntroubled">Whether the step had no fault: then a certainly due value is written, unless the status reports that it waits.</param>
    /// <param name="waits">Whether the status reports that a new value waits.</param>
    public void Ends(int versions, bool isWell, bool isUntroubled, bool waits)
    {
        Assert.True(versions <= 1, $"{name}: {versions} versions in one step");
        Assert.True(versions == 0 || Owed || Due != Due.Never, $"{name}: a version that nothing made due");
        Assert.True(versions == 1 || Due != Due.Surely || !isUntroubled || waits, $"{name}: a version was due and was not written");
        if (!isUntroubled && Due != Due.Never)
            slots = null;
        Owed = !isWell && (Owed || (Due != Due.Never && (versions == 0 || !isUntroubled)));
        (IsWell, Due) = (isWell, Due.Never);
        if (Owed)
            slots = null;
    }

    /// <summary>The Component no longer exists; the next one of its name is another.</summary>
    public void IsGone()
    {
        (Config, IsGoing, slots) = (null, false, null);
        IsWell = Owed = false;
    }

    /// <summary>Whether AWS and the status agree that the secret is in place.</summary>
    public bool Agrees(ComponentStatus? status, long? generation, IReadOnlyList<SeenSecret> secrets) =>
        Config is not null
        && status is { Phase: Phase.Ready }
        && status.ObservedGeneration == generation
        && (status.Message!.StartsWith("secret ", StringComparison.Ordinal) || status.Message.StartsWith("fields changed", StringComparison.Ordinal))
        && status.Condition("SecretPushed") is { } pushed && (pushed.Status == "True" || pushed.Reason == "Adopted")
        && secrets.Any(s => !s.IsScheduled && s.Name == SecretName && s.Arn == (string?)status.ProviderStatus?["secretArn"] && s.OwnerDigest == OwnerDigest);
}
