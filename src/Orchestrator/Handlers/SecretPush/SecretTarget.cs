using System.Text.Json.Serialization;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Policies;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>A secret in some account and region.</summary>
/// <param name="Name">The secret's name.</param>
/// <param name="Region">Its region.</param>
/// <param name="Arn">Its full ARN, which contains the account; null until AWS returned it.</param>
/// <param name="RoleArn">The role that reaches it.</param>
/// <param name="ExternalId">That role's external id.</param>
/// <param name="WriteBegunAt">When the last value write began, by AWS's clock: for a while after it, an invisible secret may still exist.</param>
internal sealed record SecretTarget(
    string Name, string Region, string? Arn = null, string? RoleArn = null, string? ExternalId = null, DateTimeOffset? WriteBegunAt = null)
{
    /// <summary>The secret that a config names; without an ARN, which only AWS knows.</summary>
    public static SecretTarget Of(SecretPushConfig config, string region) => new(config.SecretName, region, null, config.RoleArn, config.ExternalId);

    // A hyphen and six characters.
    private const int ArnSuffixLength = 7;

    /// <summary>The account in the ARN: <c>arn:aws:secretsmanager:region:ACCOUNT:secret:name-suffix</c>.</summary>
    [JsonIgnore]
    public string? Account => AwsForms.AccountOf(Arn);

    /// <summary>Whether the ARN, if any, is of a secret of this name in this region and, if a role is set, in the role's account.</summary>
    [JsonIgnore]
    public bool HasOwnArn => Arn is null || (Arn.Split(':') is ["arn", _, "secretsmanager", var region, var account, "secret", var secret]
        && region == Region && (AwsForms.AccountOf(RoleArn) ?? account) == account
        && secret.Length == Name.Length + ArnSuffixLength && secret.StartsWith(Name, StringComparison.Ordinal) && secret[Name.Length] == '-');

    /// <summary>Whether both are the same secret: by name, region and role, or by ARN, which several roles may reach.</summary>
    public bool IsSameSecret(SecretTarget other) =>
        Name == other.Name && Region == other.Region && (RoleArn == other.RoleArn || (Arn is not null && Arn == other.Arn));
}
