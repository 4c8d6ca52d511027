using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Converts a failure to an answer: who has to do what. Pure.</summary>
internal static class SecretFailure
{
    // Once the process has credentials again, every Component continues, and its first call shows whether they work.
    private static readonly TimeSpan CredentialsCheckInterval = TimeSpan.FromMinutes(5);

    /// <summary>The answer; null if the failure is not one of secret-push.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="released">The secret to release; null for a push.</param>
    public static HandlerAnswer? Answer(Exception failure, ReleaseObservation? released = null) => (failure, released) switch
    {
        (SecretsManagerException refusal, _) => Refused(refusal),
        (SecretDeniedException, not null) => new HandlerAnswer.Failed(FailureKind.Denied,
            $"cannot release {MessageText.Limit(released.Target.Name, 64)}: {failure.Message}; or set deletionPolicy: Retain to leave it in place"),
        (SecretGateException gate, _) => gate.Answer,
        (MissingRegionException or InvalidEndpointException, not null) => new HandlerAnswer.Failed(FailureKind.Denied,
            $"{failure.Message}; or set deletionPolicy: Retain to let the Component go without it"),
        (MissingRegionException, _) => new HandlerAnswer.Failed(FailureKind.InvalidConfig, [new(SecretKeys.Region, failure.Message)]),
        (InvalidEndpointException, _) => new HandlerAnswer.Failed(FailureKind.Denied, failure.Message),
        (ResourceException store, not null) => StoreFailure.Answer(store,
            released is { WantedBy.Composition: var composition } && !released.IsHidden(composition)
                ? $"read Namespace {composition.Namespace}" : "read a Namespace"),
        _ => null,
    };

    /// <summary>The answer to a refusal of AWS; it names the IAM action if a permission is missing.</summary>
    public static HandlerAnswer.Failed Refused(SecretsManagerException refusal) => new(Kind(refusal), Message(refusal))
    {
        Events = refusal.Kind switch
        {
            AwsErrorKind.Denied => [new("AccessDenied", Message(refusal), IsWarning: true)],
            AwsErrorKind.Throttled => [new("Throttled", Message(refusal), IsWarning: true)],
            _ => [],
        },
        // The refusal cost generated values, and so would the next.
        IsCostly = refusal.Operation is "GetRandomPassword" or "CreateSecret" or "UpdateSecret",
        RecheckAfter = refusal.Kind is AwsErrorKind.NoCredentials or AwsErrorKind.ExpiredCredentials or AwsErrorKind.RejectedCredentials
            ? CredentialsCheckInterval : null,
    };

    /// <summary>Whether certainly nothing was written. Otherwise the write may have succeeded, and only its answer was lost.</summary>
    public static bool IsDefinite(SecretsManagerException e) => Kind(e) != FailureKind.Transient && e.Kind != AwsErrorKind.AlreadyExists;

    private static FailureKind Kind(SecretsManagerException e) => e.Kind switch
    {
        AwsErrorKind.Denied or AwsErrorKind.NoCredentials or AwsErrorKind.ExpiredCredentials or AwsErrorKind.RejectedCredentials => FailureKind.Denied,
        // A hard quota and a KMS key in a wrong state need a user, not a quick retry.
        AwsErrorKind.LimitExceeded or AwsErrorKind.Encryption or AwsErrorKind.Decryption => FailureKind.Denied,
        AwsErrorKind.InvalidParameter or AwsErrorKind.MalformedPolicy => FailureKind.Rejected,
        // AWS does not document which of the two codes it returns for options that exclude every character.
        AwsErrorKind.InvalidRequest when e.Operation == "GetRandomPassword" => FailureKind.Rejected,
        // A secret to create depends on nothing but its KMS key.
        AwsErrorKind.NotFound when e.Operation == "CreateSecret" => FailureKind.Rejected,
        _ => FailureKind.Transient,
    };

    private static string Message(SecretsManagerException e) =>
        e.Kind != AwsErrorKind.Denied || e.Operation is "AssumeRole" or "GetCallerIdentity" ? e.Message
        // What to grant comes before AWS's own words, of which a status shows only the beginning.
        : e.Operation is "CreateSecret" or "UpdateSecret"
            ? $"needs secretsmanager:{e.Operation}, and with a KMS key kms:GenerateDataKey and kms:Decrypt: {e.Message}"
            : $"needs secretsmanager:{e.Operation}: {e.Message}";
}
