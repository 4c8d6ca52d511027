using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>A secret and what is wanted of it, put together for the pure decisions.</summary>
internal sealed record Situation
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

    public AppliedSecret Applied { get; init; } = new();

    public SecretDescription? Secret { get; init; }

    public DateTimeOffset Now { get; init; } = Start;

    public string? RequestedAt { get; init; }

    /// <summary>Peer names the secret and remembers it as its own.</summary>
    public bool IsHeldByMemory { get; init; }

    public static SecretPushConfig Always => Plain with { UpdatePolicy = UpdatePolicy.AlwaysUpdate };

    /// <summary>A secret whose current version and owner tag are as given.</summary>
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

    public static string Token(SecretOwner? owner = null, string? uid = null, string? inputs = null, DateTimeOffset? at = null, int attempt = 0) =>
        new VersionToken((owner ?? Me).OwnerDigest, uid ?? Uid, inputs ?? Inputs, (at ?? Start).ToUnixTimeSeconds(), attempt).ToString();

    /// <summary>The memory after a write at the given time.</summary>
    public static AppliedSecret Written(DateTimeOffset at, UpdatePolicy policy = UpdatePolicy.AlwaysUpdate, string? requestedAt = null) => new()
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

    private static Component Living(SecretOwner owner) =>
        new() { Metadata = new() { Namespace = owner.Namespace, Name = owner.Name }, Spec = new() { Handler = "secret-push" } };

    public Possession Possession() =>
        DeploymentOrchestrator.Handlers.SecretPush.Possession.Of(Secret, Me, Uid, Applied, Now, owner => owner == Gone.OwnerDigest);

    public SecretStep Decide() => SecretDecision.Decide(
        new()
        {
            Config = Config,
            Me = Me,
            Uid = Uid,
            Inputs = FieldsDigest.Of(Config.Fields),
            RequestedAt = RequestedAt,
            Applied = Applied,
            Target = new(Name, "us-east-1"),
            Secret = Secret,
            Now = Now,
            IsGone = owner => owner == Gone.OwnerDigest,
            Holder = owner => owner == Peer.OwnerDigest ? Living(Peer) : null,
            HolderByMemory = () => IsHeldByMemory ? Living(Peer) : null,
        },
        Possession());
}
