using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Sts;

/// <summary>
/// The part of AWS STS that a client of Secrets Manager needs: the caller's identity, and credentials for a role, also in another account.
/// The IAM policy decides who may assume a role and tag its session; trust policies, external ids and tokens are not checked, and
/// credentials do not expire. GetCallerIdentity and AssumeRoleWithWebIdentity need no right on AWS either.
/// </summary>
internal sealed partial class StsService(string accountId, Authorization authorization, TimeProvider time)
{
    private const int DefaultDurationSeconds = 3600;
    private readonly ConcurrentDictionary<string, Session> sessions = new();

    public static IEnumerable<string> Operations => ["GetCallerIdentity", "AssumeRole", "AssumeRoleWithWebIdentity"];

    /// <summary>The role session of the access key, or else the emulator's own user.</summary>
    public Caller CallerOf(string? accessKeyId, string region) =>
        accessKeyId is not null && sessions.TryGetValue(accessKeyId, out var session)
            ? new Caller(session.Account, region, session.Arn, session.Tags)
            : new Caller(accountId, region, $"arn:{SecretArn.PartitionOf(region)}:iam::{accountId}:user/emulator");

    public IEnumerable<XElement> Invoke(string operation, Caller caller, IReadOnlyDictionary<string, string> form) => operation switch
    {
        "GetCallerIdentity" => GetCallerIdentity(caller),
        "AssumeRole" => AssumeRole(caller, form),
        "AssumeRoleWithWebIdentity" when !form.ContainsKey("WebIdentityToken") => throw Missing("WebIdentityToken"),
        "AssumeRoleWithWebIdentity" => [.. AssumeRole(form), StsXml.Element("SubjectFromWebIdentityToken", "emulator")],
        _ => throw new ApiException("InvalidAction", $"Could not find operation {operation} for version 2011-06-15"),
    };

    private static IEnumerable<XElement> GetCallerIdentity(Caller caller) =>
    [
        StsXml.Element("Arn", caller.PrincipalArn),
        StsXml.Element("UserId", "AIDAEMULATOREMULATOR"),
        StsXml.Element("Account", caller.Account),
    ];

    private IEnumerable<XElement> AssumeRole(Caller caller, IReadOnlyDictionary<string, string> form)
    {
        var roleArn = form.GetValueOrDefault("RoleArn", "*");
        authorization.Require(caller, "sts:AssumeRole", roleArn, named: roleArn);
        if (Tags(form).Count > 0)
            authorization.Require(caller, "sts:TagSession", roleArn, named: roleArn);
        return AssumeRole(form);
    }

    private IEnumerable<XElement> AssumeRole(IReadOnlyDictionary<string, string> form)
    {
        var roleArn = form.GetValueOrDefault("RoleArn") ?? throw Missing("RoleArn");
        var sessionName = form.GetValueOrDefault("RoleSessionName") ?? throw Missing("RoleSessionName");
        if (RoleArn().Match(roleArn) is not { Success: true } role)
            throw ApiException.Validation($"{roleArn} is invalid");
        var account = role.Groups["account"].Value;
        var arn = $"arn:{role.Groups["partition"].Value}:sts::{account}:assumed-role/{role.Groups["name"].Value}/{sessionName}";
        var accessKeyId = "ASIA" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16);
        sessions[accessKeyId] = new Session(account, arn, Tags(form));

        var expiration = time.GetUtcNow().AddSeconds(Duration(form));
        return
        [
            StsXml.Element(
                "Credentials",
                StsXml.Element("AccessKeyId", accessKeyId),
                StsXml.Element("SecretAccessKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(30))),
                StsXml.Element("SessionToken", Convert.ToBase64String(RandomNumberGenerator.GetBytes(96))),
                StsXml.Element("Expiration", expiration.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))),
            StsXml.Element(
                "AssumedRoleUser",
                StsXml.Element("AssumedRoleId", $"AROAEMULATOREMULATOR:{sessionName}"),
                StsXml.Element("Arn", arn)),
        ];
    }

    // Tags.member.1.Key and Tags.member.1.Value, and so on.
    private static Dictionary<string, string> Tags(IReadOnlyDictionary<string, string> form)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; form.TryGetValue($"Tags.member.{i}.Key", out var key); i++)
            tags[key] = form.GetValueOrDefault($"Tags.member.{i}.Value", "");
        return tags;
    }

    private static int Duration(IReadOnlyDictionary<string, string> form)
    {
        if (!form.TryGetValue("DurationSeconds", out var text))
            return DefaultDurationSeconds;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 900 and <= 43_200
            ? seconds
            : throw ApiException.Validation("DurationSeconds must be between 900 and 43200.");
    }

    private static ApiException Missing(string name) =>
        ApiException.Validation($"1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null");

    [GeneratedRegex(
        @"^arn:(?<partition>aws[a-z-]*):iam::(?<account>[0-9]{12}):role/(?:[^/]+/)*(?<name>[A-Za-z0-9+=,.@_-]+)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex RoleArn();

    private sealed record Session(string Account, string Arn, IReadOnlyDictionary<string, string> Tags);
}
