using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Model;

/// <summary>
/// <c>arn:{partition}:secretsmanager:{region}:{account}:secret:{resource}</c>, where the resource is the secret's name, a
/// hyphen and six random characters; in a partial ARN the name alone.
/// </summary>
internal sealed partial record SecretArn(string Region, string Account, string Resource)
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>
    /// AWS takes a hyphen and six characters at the end as the suffix, even if they belong to the name; hence its advice against such names.
    /// </summary>
    public bool IsComplete => Suffix().IsMatch(Resource);

    public static string NewSuffix() => RandomNumberGenerator.GetString(Alphanumeric, 6);

    public static string PartitionOf(string region) =>
        region.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn"
        : region.StartsWith("us-gov-", StringComparison.Ordinal) ? "aws-us-gov"
        : "aws";

    /// <summary>The ARN in <paramref name="text"/>; null if it is not that of a secret.</summary>
    public static SecretArn? Parse(string text)
    {
        var parts = text.Split(':');
        return parts is ["arn", _, "secretsmanager", var region, var account, "secret", { Length: > 0 } resource]
            ? new SecretArn(region, account, resource)
            : null;
    }

    public override string ToString() => $"arn:{PartitionOf(Region)}:secretsmanager:{Region}:{Account}:secret:{Resource}";

    [GeneratedRegex(@"-[A-Za-z0-9]{6}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Suffix();
}
