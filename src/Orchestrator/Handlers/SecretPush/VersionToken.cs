using System.Globalization;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// The ClientRequestToken of a value write, which AWS makes the version's id: our state in AWS. DescribeSecret shows who wrote the version, for which
/// Component, from which fields and when it was due; and a repeated write has the same token, under which AWS accepts no second value.
/// </summary>
/// <remarks>
/// <c>do2-OOOOOOOOOOOOOOOOOOOONNNNNNNNNNNUUUUUUUUIIIIIIIIIIIITTTTTTTAA</c>, 64 of AWS's 32-64 characters. The format version comes first: a later
/// program still reads it, so an upgrade neither rotates nor disowns. <c>do1-O-U-I-T-AA</c>, its time in decimal, has 4 characters of namespace or none.
/// </remarks>
/// <param name="Owner">20 characters: see <see cref="SecretOwner.OwnerDigest"/>.</param>
/// <param name="Uid">8 characters: digest of the Component's uid.</param>
/// <param name="Inputs">12 characters: digest of the resolved fields.</param>
/// <param name="Occasion">When it was due: a second of AWS's clock.</param>
/// <param name="Attempt">0-99: counts tries under a token that AWS refused and never showed.</param>
/// <param name="Namespace">See <see cref="SecretOwner.NamespaceDigest"/>: 4 characters of it, or none, make it one of the first format.</param>
internal sealed partial record VersionToken(string Owner, string Uid, string Inputs, long Occasion, int Attempt, string? Namespace = null)
{
    /// <summary>How far a time of ours may be ahead of AWS's clock: we never write a later one by that clock.</summary>
    internal static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    // Base32 reaches to the year 3058.
    private const int OccasionLength = 7;

    /// <summary>When the write fell due.</summary>
    public DateTimeOffset OccasionTime => DateTimeOffset.FromUnixTimeSeconds(Occasion);

    /// <summary>The token in a version id; null if it is foreign.</summary>
    public static VersionToken? Parse(string? versionId) =>
        versionId is not null && Format().Match(versionId) is { Success: true } match
            ? new(
                match.Groups["owner"].Value,
                match.Groups["uid"].Value,
                match.Groups["inputs"].Value,
                match.Groups["occasion"] is { Length: OccasionLength } base32
                    ? ShortDigest.Number(base32.ValueSpan) : long.Parse(match.Groups["occasion"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture),
                int.Parse(match.Groups["attempt"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture),
                match.Groups["namespace"] is { Success: true } ns ? ns.Value : null)
            : null;

    /// <summary>
    /// The token in the id of a version that AWS shows; null if it is foreign. A token due more than 5 minutes from now counts as foreign: otherwise it would
    /// delay every later value.
    /// </summary>
    public static VersionToken? Parse(string? versionId, DateTimeOffset now) =>
        Parse(versionId) is { } token && token.OccasionTime <= now + Tolerance ? token : null;

    /// <summary>The tokens of a secret's staged versions, by AWS's clock.</summary>
    public static IEnumerable<VersionToken> Staged(SecretDescription secret, DateTimeOffset now) =>
        secret.VersionIdsToStages.Keys.Select(id => Parse(id, now)).OfType<VersionToken>();

    /// <summary>The digest of a Component's uid in tokens.</summary>
    public static string UidDigest(string uid) => ShortDigest.Of(8, "do1", "uid", uid);

    public override string ToString() => Namespace is { Length: SecretOwner.NamespaceLength }
        ? $"do2-{Owner}{Namespace}{Uid}{Inputs}{ShortDigest.Text(Occasion, OccasionLength)}{Attempt:D2}"
        : $"do1-{Owner}{Namespace}-{Uid}-{Inputs}-{Occasion:D10}-{Attempt:D2}";

    [GeneratedRegex("""
        \A(do2-(?<owner>[a-z2-7]{20})(?<namespace>[a-z2-7]{11})(?<uid>[a-z2-7]{8})(?<inputs>[a-z2-7]{12})(?<occasion>[a-z2-7]{7})(?<attempt>[0-9]{2})
        |do1-(?<owner>[a-z2-7]{20})(?<namespace>[a-z2-7]{4})?-(?<uid>[a-z2-7]{8})-(?<inputs>[a-z2-7]{12})-(?<occasion>[0-9]{10})-(?<attempt>[0-9]{2}))\z
        """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace, 1000)]
    private static partial Regex Format();
}
