using System.Text.Json.Serialization;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Policies;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>A secret in some account and region.</summary>
/// <param name="Name">The secret's name.</param>
/// <param name="Region">Its region.</param>
/// <param name="Arn">Its full ARN, which names the account; null before AWS gave one.</param>
/// <param name="RoleArn">The role by which it is reached.</param>
/// <param name="ExternalId">That role's external id.</param>
/// <param name="WriteBegunAt">When a value write there was last begun, by AWS's clock: for a while after it, not being visible does not mean deleted.</param>
internal sealed record SecretTarget(
    string Name, string Region, string? Arn = null, string? RoleArn = null, string? ExternalId = null, DateTimeOffset? WriteBegunAt = null)
{
    /// <summary>The secret that a config names, as far as it says itself.</summary>
    public static SecretTarget Of(SecretPushConfig config, string region) => new(config.SecretName, region, null, config.RoleArn, config.ExternalId);

    // A hyphen and six characters.
    private const int ArnSuffixLength = 7;

    /// <summary>The account in the ARN: <c>arn:aws:secretsmanager:region:ACCOUNT:secret:name-suffix</c>.</summary>
    [JsonIgnore]
    public string? Account => AwsForms.AccountOf(Arn);

    /// <summary>Whether the ARN, where there is one, is of a secret of this name in this region and, where a role names it, in this account.</summary>
    [JsonIgnore]
    public bool IsItsArn => Arn is null || (Arn.Split(':') is ["arn", _, "secretsmanager", var region, var account, "secret", var secret]
        && region == Region && (AwsForms.AccountOf(RoleArn) ?? account) == account
        && secret.Length == Name.Length + ArnSuffixLength && secret.StartsWith(Name, StringComparison.Ordinal) && secret[Name.Length] == '-');

    /// <summary>Whether both are one secret: by name, region and the way there, or by its ARN, to which another role may be another way.</summary>
    public bool IsSameSecret(SecretTarget other) =>
        Name == other.Name && Region == other.Region && (RoleArn == other.RoleArn || (Arn is not null && Arn == other.Arn));
}
