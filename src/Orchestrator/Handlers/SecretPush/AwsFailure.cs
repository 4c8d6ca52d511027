using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>What a refusal of AWS means for a Component: who has to do what.</summary>
internal static class AwsFailure
{
    /// <summary>The answer for a failed call; the IAM action is named where a right is missing.</summary>
    public static HandlerAnswer.Failed Answer(SecretsManagerException e) => new(Kind(e), Message(e))
    {
        Events = e.Kind switch
        {
            AwsErrorKind.Denied => [new("AccessDenied", Message(e), IsWarning: true)],
            AwsErrorKind.Throttled => [new("Throttled", Message(e), IsWarning: true)],
            _ => [],
        },
    };

    /// <summary>Whether nothing was written for certain; otherwise the write may have happened although its answer was lost.</summary>
    public static bool IsDefinite(SecretsManagerException e) => Kind(e) != FailureKind.Transient && e.Kind != AwsErrorKind.AlreadyExists;

    private static FailureKind Kind(SecretsManagerException e) => e.Kind switch
    {
        AwsErrorKind.Denied or AwsErrorKind.NoCredentials or AwsErrorKind.ExpiredCredentials or AwsErrorKind.RejectedCredentials => FailureKind.Denied,
        // A hard quota and a KMS key in a wrong state are mended by people, not by another try at once.
        AwsErrorKind.LimitExceeded or AwsErrorKind.Encryption or AwsErrorKind.Decryption => FailureKind.Denied,
        AwsErrorKind.InvalidParameter or AwsErrorKind.MalformedPolicy => FailureKind.Rejected,
        // Which of the two codes options get that leave no character to generate from is documented nowhere.
        AwsErrorKind.InvalidRequest when e.Operation == "GetRandomPassword" => FailureKind.Rejected,
        // A secret that is to be created needs nothing that could be missing but its KMS key.
        AwsErrorKind.NotFound when e.Operation == "CreateSecret" => FailureKind.Rejected,
        _ => FailureKind.Transient,
    };

    private static string Message(SecretsManagerException e) =>
        e.Kind != AwsErrorKind.Denied || e.Operation is "AssumeRole" or "GetCallerIdentity" ? e.Message
        // What to give comes before AWS's own words, of which a status shows only the beginning.
        : e.Operation is "CreateSecret" or "UpdateSecret"
            ? $"needs secretsmanager:{e.Operation}, and with a KMS key kms:GenerateDataKey and kms:Decrypt: {e.Message}"
            : $"needs secretsmanager:{e.Operation}: {e.Message}";
}
