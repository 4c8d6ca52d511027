using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>How far one run for one secret has come: the memory as it grows, and what is to be told.</summary>
internal sealed class SecretProgress
{
    /// <summary>The right to tag.</summary>
    public const string TagResource = "secretsmanager:TagResource";

    /// <summary>The right to take a secret back from deletion.</summary>
    public const string RestoreSecret = "secretsmanager:RestoreSecret";

    private readonly HandlerRequest request;
    private readonly SecretPushConfig config;
    private readonly AppliedSecret last;

    public SecretProgress(HandlerRequest request, SecretPushConfig config, string region)
    {
        (this.request, this.config) = (request, config);
        Applied = last = AppliedSecret.Read(request.Applied);
        Target = new(config.SecretName, region, null, config.RoleArn, config.ExternalId);
        if (Applied.Targets.FirstOrDefault(t => t.IsSameSecret(Target)) is { } known)
            Target = known with { ExternalId = config.ExternalId };
        // The last target is the one that the rest of the memory is about.
        if (Applied.Targets is [.., var latest] && !latest.IsSameSecret(Target))
            Applied = Applied.ForAnotherSecret();
        // Nothing short of a new attempt shows whether this one is given by now, and none is made while the secret stands.
        if (Applied.Denied?.Contains(RestoreSecret) == true)
            Denied.Add(RestoreSecret);
    }

    /// <summary>The memory.</summary>
    public AppliedSecret Applied { get; set; }

    /// <summary>Where the secret lies.</summary>
    public SecretTarget Target { get; set; }

    /// <summary>What happened.</summary>
    public List<HandlerEvent> Events { get; } = [];

    /// <summary>IAM actions that were denied and done without.</summary>
    public SortedSet<string> Denied { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Takes in which secret is there. One that is remembered by another role is the same, now reached another way: its memory holds, and it is no old
    /// secret that would be released.
    /// </summary>
    public void Recognize(string arn)
    {
        if (Target.Arn is not null || last.Targets.FirstOrDefault(t => t.Arn == arn) is not { } known || known.RoleArn == config.RoleArn)
            return;
        Target = known with { RoleArn = config.RoleArn, ExternalId = config.ExternalId };
        var others = last.Targets.Where(t => t.Arn != arn && !t.IsSameSecret(Target));
        Applied = (last.Targets[^1].Arn == arn ? last : Applied) with { Targets = [.. others, Target] };
    }

    /// <summary>The memory with the policies and the request that are in force now.</summary>
    public AppliedSecret Settled() => Applied with
    {
        UpdatePolicy = config.UpdatePolicy,
        DeletionPolicy = config.DeletionPolicy,
        RecoveryWindowInDays = config.RecoveryWindowInDays,
        RequestedAt = request.Component.Metadata.Annotation(ApiGroup.RequestedAtAnnotation),
        Denied = Denied.Count > 0 ? [.. Denied] : null,
    };

    /// <summary>Stores the memory at once.</summary>
    public Task Remember(CancellationToken cancellation) => request.Remember(Applied.ToJson(), cancellation);

    /// <summary>Notes a value write that is known to have happened.</summary>
    /// <param name="token">Its token.</param>
    /// <param name="arn">The secret's ARN.</param>
    /// <param name="at">When, by AWS's clock.</param>
    /// <param name="inputs">Digest of the fields as they are now.</param>
    public void Wrote(VersionToken token, string arn, DateTimeOffset at, string inputs)
    {
        Target = Target with { Arn = arn };
        Applied = Applied.With(Target) with
        {
            Pending = null,
            Inputs = token.Inputs,
            VersionId = token.ToString(),
            FieldCount = token.Inputs == inputs ? config.Fields.Count : null,
            WrittenAt = at,
        };
    }

    /// <summary>Makes a call, or does without it where the right is missing; false then.</summary>
    public async Task<bool> OrDoWithout(string action, Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (SecretsManagerException e) when (e.Kind == AwsErrorKind.Denied && action.EndsWith($":{e.Operation}", StringComparison.Ordinal))
        {
            Denied.Add(action);
            return false;
        }
    }
}
