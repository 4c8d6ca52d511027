namespace DeploymentOrchestrator.SecretsManager;

/// <summary>Operations of Secrets Manager that draw on one quota of calls per second, in each region of each account. Not adjustable.</summary>
/// <param name="Name">The family, such as <c>Update</c>.</param>
/// <param name="CallsPerSecond">AWS's figure.</param>
/// <remarks>
/// https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html (2022); DescribeSecret's figure is from
/// https://aws.amazon.com/about-aws/whats-new/2025/03/aws-secrets-manager-increases-api-requests-per-second-limits/.
/// </remarks>
internal sealed record QuotaFamily(string Name, int CallsPerSecond)
{
    private static readonly QuotaFamily Describe = new("DescribeSecret", 40_000);
    private static readonly QuotaFamily Random = new("GetRandomPassword", 50);
    private static readonly QuotaFamily Create = new("CreateSecret", 50);
    private static readonly QuotaFamily Update = new("Update", 50);
    private static readonly QuotaFamily Delete = new("DeleteSecret", 50);
    private static readonly QuotaFamily Restore = new("RestoreSecret", 50);
    private static readonly QuotaFamily Tagging = new("Tagging", 50);

    /// <summary>The family of an operation that this program calls.</summary>
    /// <exception cref="ArgumentException">The program does not call the operation.</exception>
    public static QuotaFamily Of(string operation) => operation switch
    {
        "DescribeSecret" => Describe,
        "GetRandomPassword" => Random,
        "CreateSecret" => Create,
        "UpdateSecret" => Update,
        "DeleteSecret" => Delete,
        "RestoreSecret" => Restore,
        "TagResource" or "UntagResource" => Tagging,
        _ => throw new ArgumentException($"no quota is known of {operation}", nameof(operation)),
    };
}
