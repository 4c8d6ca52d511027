using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Sequences;

/// <summary>Whether something that happened makes a new value due.</summary>
internal enum Due
{
    Never,
    Maybe,
    Surely,
}

/// <summary>What the model knows of one Component: not what secret-push decides, but what has happened that may make a value due.</summary>
internal sealed class ModelledComponent(string name)
{
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private DateTimeOffset? slots;

    public string Name => name;

    public string OwnerDigest { get; } = new SecretOwner("test-cluster", "default", name).OwnerDigest;

    /// <summary>The config; null where there is no such Component, or it is going.</summary>
    public JsonObject? Config { get; set; }

    /// <summary>It was deleted and is still there.</summary>
    public bool IsGoing { get; set; }

    public bool IsAlways => (string?)Config?["updatePolicy"] == "AlwaysUpdate";

    public string? SecretName => (string?)Config?["secretName"];

    /// <summary>Its secret is in place, the status says so, and nothing that happened waits to be seen.</summary>
    public bool IsWell { get; private set; }

    /// <summary>Something happened since it was last well that may make a value due.</summary>
    public bool Owed { get; private set; }

    /// <summary>What this step makes due.</summary>
    public Due Due { get; private set; }

    /// <summary>Something happens to it: of several things in one step, the one that makes a value due for certain counts.</summary>
    /// <param name="due">Whether it makes a value due.</param>
    /// <param name="setsSlots">It is where the slots of AlwaysUpdate are counted from, now or unknown.</param>
    /// <param name="now">The time.</param>
    public void Happens(Due due, bool setsSlots = false, DateTimeOffset? now = null)
    {
        Due = due > Due ? due : Due;
        if (setsSlots)
            slots = due == Due.Surely && (IsWell || now is not null) ? now : null;
    }

    /// <summary>Time passes: every slot's end makes a value due.</summary>
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

    /// <summary>The step is over, and nothing more is done now.</summary>
    /// <param name="versions">How many versions it wrote in the step.</param>
    /// <param name="isWell">Whether all is well now.</param>
    /// <param name="isUntroubled">Nothing went wrong in the step: then what was due for certain is done, unless the status says that it waits.</param>
    /// <param name="waits">The status says that a new value waits.</param>
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

    /// <summary>The Component is no more, and what comes is another of its name.</summary>
    public void IsGone()
    {
        (Config, IsGoing, slots) = (null, false, null);
        IsWell = Owed = false;
    }

    /// <summary>Whether what stands in AWS and in the status agree that the secret is in place.</summary>
    public bool Agrees(ComponentStatus? status, long? generation, IReadOnlyList<SeenSecret> secrets) =>
        Config is not null
        && status is { Phase: Phase.Ready }
        && status.ObservedGeneration == generation
        && (status.Message!.StartsWith("secret ", StringComparison.Ordinal) || status.Message.StartsWith("fields changed", StringComparison.Ordinal))
        && status.Condition("SecretPushed") is { } pushed && (pushed.Status == "True" || pushed.Reason == "Adopted")
        && secrets.Any(s => !s.IsScheduled && s.Name == SecretName && s.Arn == (string?)status.ProviderStatus?["secretArn"] && s.OwnerDigest == OwnerDigest);
}
