namespace DeploymentOrchestrator.Policies;

/// <summary>The keys of a config of secret-push; a SecretPolicy has the same where it speaks of the same.</summary>
internal static class SecretKeys
{
    public const string SecretName = "secretName";
    public const string Region = "region";
    public const string RoleArn = "roleArn";
    public const string ExternalId = "externalId";
    public const string KmsKeyId = "kmsKeyId";
    public const string DeletionPolicy = "deletionPolicy";
    public const string RecoveryWindowInDays = "recoveryWindowInDays";
    public const string Adopt = "adopt";
    public const string Tags = "tags";
    public const string Fields = "fields";
    public const string PasswordLength = "passwordLength";
    public const string RefreshInterval = "refreshInterval";
    public const string UpdatePolicy = "updatePolicy";
    public const string Recreate = "recreate";
    public const string Description = "description";
    public const string Generator = "generator";
}
