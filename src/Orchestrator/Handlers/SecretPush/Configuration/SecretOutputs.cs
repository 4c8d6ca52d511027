namespace DeploymentOrchestrator.Handlers.SecretPush.Configuration;

/// <summary>The keys of the outputs, <c>status.providerStatus</c>: the specification's seven.</summary>
internal static class SecretOutputs
{
    public const string Arn = "secretArn";
    public const string Name = "secretName";
    public const string Path = "secretPath";
    public const string VersionId = "versionId";
    public const string Region = "region";
    public const string LastSyncTime = "lastSyncTime";
    public const string FieldCount = "fieldCount";

    public static readonly string[] All = [Arn, Name, Path, VersionId, Region, LastSyncTime, FieldCount];
}
