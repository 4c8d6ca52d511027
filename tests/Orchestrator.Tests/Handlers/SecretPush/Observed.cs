using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>A secret and its desired state, as input for the pure decisions.</summary>
internal sealed record Observed
{
    public const string Name = "myapp/credentials";
    public const string Arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:myapp/credentials-AbCdEf";

    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly SecretOwner Me = new("cluster-a", "myapp", "credentials");
    public static readonly SecretOwner Peer = new("cluster-a", "myapp", "peer");
    public static readonly SecretOwner Gone = new("cluster-a", "myapp", "gone");
    public static readonly SecretOwner Stranger = new("cluster-b", "myapp", "credentials");
    public static readonly string Uid = VersionToken.UidDigest("uid-now");
    public static readonly string FormerUid = VersionToken.UidDigest("uid-before");

    public static readonly SecretPushConfig Plain = new() { SecretName = Name, Fields = [new("a", "b", null)] };
    public static readonly string Inputs = FieldsDigest.Of(Plain.Fields);

    public SecretPushConfig Config { get; init; } = Plain;

    public SecretState State { get; init; } = new();

    public SecretDescription? Secret { get; init; }

    public DateTimeOffset Now { get; init; } = Start;

    public string? RequestedAt { get; init; }

    /// <summary>The account that STS returns; null if it must not be called.</summary>
    public string? CallerAccount { get; init; } = "123456789012";

    /// <summary>Whether the peer's state names the secret as its own.</summary>
    public bool IsHeldByState { get; init; }

    public static SecretPushConfig Always => Plain with { UpdatePolicy = UpdatePolicy.AlwaysUpdate };

    /// <summary>A secret with this current version and owner tag.</summary>
    public static SecretDescription Described(string? current, SecretOwner? tag = null, bool scheduled = false, string? previous = null, string arn = Arn)
    {
        var versions = new Dictionary<string, IReadOnlyList<string>>();
        if (current is not null)
            versions[current] = ["AWSCURRENT"];
        if (previous is not null)
            versions[previous] = ["AWSPREVIOUS"];
        var tags = tag is null ? [] : new Dictionary<string, string> { [SecretOwner.TagKey] = tag.TagValue };
        return new(arn, Name, null, null, scheduled ? Start : null, false, tags, versions, Start, Start, Start);
    }

    public static string Token(
        SecretOwner? owner = null, string? uid = null, string? inputs = null, DateTimeOffset? at = null, int attempt = 0, bool withNamespace = false) =>
        new VersionToken((owner ?? Me).OwnerDigest, uid ?? Uid, inputs ?? Inputs, (at ?? Start).ToUnixTimeSeconds(), attempt,
            withNamespace ? (owner ?? Me).NamespaceDigest : null).ToString();

    /// <summary>The state after a write at the given time.</summary>
    public static SecretState Written(DateTimeOffset at, UpdatePolicy policy = UpdatePolicy.AlwaysUpdate, string? requestedAt = null) => new()
    {
        Inputs = Inputs,
        VersionId = Token(at: at),
        FieldCount = 1,
        WrittenAt = at,
        UpdatePolicy = policy,
        DeletionPolicy = DeletionPolicy.Delete,
        RequestedAt = requestedAt,
        Slot = at,
        Targets = [new(Name, "us-east-1", Arn, WriteBegunAt: at)],
    };

    /// <summary>The Component itself.</summary>
    public static readonly Component Itself = Component(Me, "uid-now", null);

    /// <summary>Of this cluster there are this Component and the peer, which names the secret; everyone else is gone.</summary>
    private OwnerDirectory Owners
    {
        get
        {
            var peer = Component(Peer, "uid-of-peer", IsHeldByState ? new() { Targets = [new(Name, "us-east-1", Arn)] } : null);
            return new("cluster-a", seesAll: true, () => [Itself, peer]);
        }
    }

    public Ownership Ownership() => Secret is null
        ? DeploymentOrchestrator.Handlers.SecretPush.Ownership.Absent
        : Judge(Secret, Itself, State, new(Name, "us-east-1"), Now, Owners, "us-east-1");

    /// <summary>Whose a secret is, as the observer finds it out.</summary>
    public static Ownership Judge(
        SecretDescription secret, Component component, SecretState state, SecretTarget target, DateTimeOffset now, OwnerDirectory owners, string? region)
    {
        var marks = OwnerMarks.Of(secret, owners.Owner(component), component, state, owners.HasWalls, now);
        return DeploymentOrchestrator.Handlers.SecretPush.Ownership.Of(
            secret, marks, owners.FactsOf(marks, component, target with { Arn = secret.Arn }, region), state, target,
            VersionToken.UidDigest(component.Metadata.Uid!));
    }

    /// <summary>Whether an owner that a secret names, by its digest, is known to be gone.</summary>
    public static bool IsGone(OwnerDirectory owners, string digest, SecretTarget target, string? region) =>
        owners.FactsOf(new(Me, null, new(digest, null, null), null, [], false, false), Itself, target, region).IsGone;

    /// <summary>The decision.</summary>
    public SecretAction Decide()
    {
        var (state, ownership) = (State.AtStart(Config, "us-east-1"), Ownership());
        var seen = new SecretObservation
        {
            Config = Config,
            Self = Me,
            Uid = Uid,
            Inputs = FieldsDigest.Of(Config.Fields),
            RequestedAt = RequestedAt,
            State = ownership.Kind == OwnershipKind.Ours ? state.Recognize(Secret!, Me, Now) : state,
            Secret = Secret,
            Ownership = ownership,
            Now = Now,
        };
        var action = SecretDecision.Decide(seen);
        return action is SecretAction.Ask ask && ask.Fact == MissingFact.Account && CallerAccount is not null
            ? SecretDecision.Decide(seen with { CallerAccount = CallerAccount })
            : action;
    }

    /// <summary>The decision about the value only, without key, description and tags.</summary>
    public SecretAction DecideValue() => Decide() is SecretAction.WriteMetadata { Value: var keep } ? keep : Decide();

    private static Component Component(SecretOwner owner, string uid, SecretState? state) => new()
    {
        Metadata = new() { Namespace = owner.Namespace, Name = owner.Name, Uid = uid },
        Spec = new() { Handler = "secret-push", Config = new() { ["secretName"] = Name, ["region"] = "us-east-1" } },
        Status = state is null ? null : new() { Applied = state.ToJson() },
    };
}
