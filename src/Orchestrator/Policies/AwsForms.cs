using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Policies;

/// <summary>The syntax of AWS names, regions, roles and keys in configs and policies: as values, and as patterns with <c>*</c>.</summary>
internal static partial class AwsForms
{
    /// <summary>The maximum length of a generated password.</summary>
    public const int LongestPassword = 4096;

    /// <summary>A region.</summary>
    public static readonly AwsForm Region = new(RegionValue(), RegionPattern(), "an AWS region such as eu-west-1", "a region such as eu-west-1, or eu-*");

    /// <summary>A role's ARN.</summary>
    public static readonly AwsForm Role = new(RoleValue(), RolePattern(),
        "an IAM role's ARN such as arn:aws:iam::123456789012:role/secrets", "an IAM role's ARN such as arn:aws:iam::123456789012:role/team-b-*, or *");

    /// <summary>A KMS key, in any of its forms.</summary>
    public static readonly AwsForm Key = new(KeyValue(), KeyPattern(),
        "a key id, a key's ARN, alias/NAME or an alias's ARN", "a key id, a key's ARN, alias/NAME or an alias's ARN, such as alias/team-b-*, or *");

    /// <summary>An external id.</summary>
    public static readonly AwsForm ExternalId = new(ExternalIdValue(), ExternalIdValue(),
        "2-1224 of the characters A-Z a-z 0-9 _ + = , . @ : / -", "");

    /// <summary>A secret's name.</summary>
    public static readonly AwsForm SecretName = new(NameValue(), NamePatternOf(),
        "1-512 of the characters A-Z a-z 0-9 / _ + = . @ -", "of the characters A-Z a-z 0-9 / _ + = . @ - and *, such as team-b/*");

    /// <summary>The account in an ARN of any service; null if it has none.</summary>
    public static string? AccountOf(string? arn) => arn?.Split(':') is [_, _, _, _, { Length: > 0 } account, ..] ? account : null;

    [GeneratedRegex(@"\A[a-z]{2,}(-[a-z]+)+-[0-9]+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RegionValue();

    [GeneratedRegex(@"\A[a-z0-9*-]+\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RegionPattern();

    [GeneratedRegex(@"\Aarn:[a-z-]+:iam::[0-9]{12}:role/[\x21-\x29\x2B-\x7E]+\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RoleValue();

    [GeneratedRegex(@"\A(\*|arn:[a-z*-]+:iam::([0-9]{12}|\*):role/[\x21-\x7E]+)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RolePattern();

    // A key id is a UUID, or mrk- and 32 digits for a multi-Region key.
    // Source: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id.
    [GeneratedRegex(
        @"\A(?<arn>arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:)?(alias/[A-Za-z0-9/_-]{1,250}"
        + @"|(?(arn)key/)([0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|mrk-[0-9A-Fa-f]{32}))\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex KeyValue();

    [GeneratedRegex(
        @"\A(\*|alias/[A-Za-z0-9/_*-]+|arn:[a-z*-]+:kms:[a-z0-9*-]+:([0-9]{12}|\*):(\*|(alias|key)/[A-Za-z0-9/_*-]+)"
        + @"|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|mrk-[0-9A-Fa-f]{32})\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex KeyPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_+=,.@:/-]{2,1224}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ExternalIdValue();

    [GeneratedRegex(@"\A[A-Za-z0-9/_+=.@-]{1,512}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NameValue();

    [GeneratedRegex(@"\A[A-Za-z0-9/_+=.@*-]{1,512}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NamePatternOf();
}
