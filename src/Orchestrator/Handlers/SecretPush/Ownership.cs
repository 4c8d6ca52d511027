using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The kinds of ownership of a secret.</summary>
internal enum OwnershipKind
{
    /// <summary>The secret does not exist.</summary>
    Absent,

    /// <summary>Owned by this Component.</summary>
    Ours,

    /// <summary>Owned by a Component of this cluster that is gone or terminating: it may be taken over.</summary>
    Abandoned,

    /// <summary>Owned by another.</summary>
    Foreign,
}

/// <summary>Who owns a secret, judged by its marks, by what is known of the owner that they name, and by our state. Pure.</summary>
internal sealed record Ownership
{
    /// <summary>A secret that does not exist.</summary>
    public static readonly Ownership Absent = new();

    /// <summary>The kind of ownership.</summary>
    public OwnershipKind Kind { get; init; }
    /// <summary>The owner in words if it is not this Component: the owner tag, or what is known.</summary>
    public string? Owner { get; init; }
    /// <summary>The version with AWSCURRENT; null if the secret has no value.</summary>
    public string? CurrentVersionId { get; init; }
    /// <summary>The token in that version's id; null if secret-push did not write it.</summary>
    public VersionToken? Current { get; init; }
    /// <summary>Whether it is ours only by a version of an earlier Component of the same name.</summary>
    public bool IsPreviousIncarnation { get; init; }
    /// <summary>Whether it is ours, and another client wrote the current version.</summary>
    public bool IsDrifted { get; init; }
    /// <summary>Whether the name of that client must not be shown.</summary>
    public bool IsWriterWalled { get; init; }
    /// <summary>The existing Component of this cluster that owns it, if it is not ours; null if there is none.</summary>
    public Holder? Holder { get; init; }
    /// <summary>Whether it belongs to a Component of this cluster behind a wall: in another namespace, or in an unknown one.</summary>
    public bool IsBehindWall { get; init; }
    /// <summary>Whether no Component owns it and stays, and no entry of a Composition wants it for its owner.</summary>
    public bool MayBeAdopted { get; init; }

    /// <summary>The ownership of a secret that AWS describes.</summary>
    public static Ownership Of(SecretDescription secret, OwnerMarks marks, OwnerFacts facts, SecretState state, SecretTarget target, string uid)
    {
        var (self, current, currentId) = (marks.Self, marks.Current, secret.VersionIdOf(SecretDescription.Current));
        var kind = KindOf(marks, facts);
        var isOurs = kind == OwnershipKind.Ours;
        var hasWritten = marks.Ours.Any() || (state.VersionId is not null && !state.IsReplaced(target, secret.Arn));
        var isDrifted = isOurs && currentId is not null && !self.IsOf(current) && hasWritten;
        var judged = new Ownership
        {
            Kind = kind,
            CurrentVersionId = currentId,
            Current = current,
            IsPreviousIncarnation = isOurs && !marks.IsHeld && (self.IsOf(current) ? current : marks.Ours.FirstOrDefault()) is { } life && life.Uid != uid,
            IsDrifted = isDrifted,
            IsWriterWalled = isDrifted && facts.IsWriterWalled,
        };
        return isOurs ? judged : judged with
        {
            Owner = InWords(marks, facts),
            Holder = facts.Holder,
            IsBehindWall = facts.Holder is { } holder ? !holder.MayInherit : facts.IsUnseen || (facts.IsOfThisCluster && !facts.MayInherit),
            MayBeAdopted = !facts.IsUnseen && facts.Holder is null
                && (facts.IsGone || marks.Likely is null || (facts.MayInherit && !facts.IsWanted)),
        };
    }

    private static OwnershipKind KindOf(OwnerMarks marks, OwnerFacts facts)
    {
        if (marks.AreOurs)
            return OwnershipKind.Ours;
        if (!facts.IsGone)
            return OwnershipKind.Foreign;
        // A state can be forged, or restored from a backup; a version of ours cannot. But the tag may name a Component that has since taken the secret over.
        var hasVersion = marks.Ours.Any();
        return (marks.IsHeld && hasVersion && marks.Tagged is null) || (facts.MayInherit && (marks.IsHeld || hasVersion)) ? OwnershipKind.Ours
            : facts.MayInherit ? OwnershipKind.Abandoned
            : OwnershipKind.Foreign;
    }

    private static string InWords(OwnerMarks marks, OwnerFacts facts) => (marks.Stated, facts.IsOfThisCluster) switch
    {
        (null, _) => marks.Tag is null ? "an unknown owner (no owner tag)" : facts.HasWalls ? "another owner" : marks.Tag,
        (_, true) when facts.IsWalled => "a Component of another namespace",
        (_, false) when facts.HasWalls => "a Component of another cluster",
        var (stated, isOfThisCluster) => marks.Tag
            ?? $"{(isOfThisCluster ? "another Component of this cluster" : "a Component of another cluster")} (owner digest {stated.Digest})",
    };
}

/// <summary>What this process sees of the owner that a secret's marks name: plain data. It is not looked for if the marks prove that it is us.</summary>
internal sealed record OwnerFacts
{
    /// <summary>Whether there are walls between namespaces.</summary>
    public bool HasWalls { get; init; }
    /// <summary>Whether it belongs to this cluster.</summary>
    public bool IsOfThisCluster { get; init; }
    /// <summary>Whether it belongs to this cluster, no remaining Component owns the secret, and no entry wants it for its owner.</summary>
    public bool IsGone { get; init; }
    /// <summary>Whether an entry of a Composition wants the secret for it, whether or not the child exists. Not looked up if there is a holder.</summary>
    public bool IsWanted { get; init; }
    /// <summary>Whether this Component may inherit from it. Not looked up if the secret is ours.</summary>
    public bool MayInherit { get; init; }
    /// <summary>Whether it is behind a wall, and this process cannot see whether it exists.</summary>
    public bool IsUnseen { get; init; }
    /// <summary>Whether its name must not be shown.</summary>
    public bool IsWalled { get; init; }
    /// <summary>The existing Component that owns the secret; null if there is none.</summary>
    public Holder? Holder { get; init; }
    /// <summary>Whether the name of whoever wrote the current version must not be shown.</summary>
    public bool IsWriterWalled { get; init; }
}

/// <summary>An existing Component that owns a secret.</summary>
/// <param name="Key">The Component.</param>
/// <param name="ResourceVersion">Its version.</param>
/// <param name="MayInherit">Whether walls let us inherit from its namespace.</param>
/// <param name="IsWalled">Whether its name must not be shown.</param>
internal sealed record Holder(ObjectKey Key, string? ResourceVersion, bool MayInherit, bool IsWalled);
