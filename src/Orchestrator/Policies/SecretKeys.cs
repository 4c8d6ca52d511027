namespace DeploymentOrchestrator.Policies;

/// <summary>The keys of a secret-push config; a SecretPolicy uses the same keys for the same settings.</summary>
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
