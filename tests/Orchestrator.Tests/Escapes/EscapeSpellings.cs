namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>Other spellings of a name, a key or a cluster. None may bypass the check that the usual spelling fails.</summary>
internal static class EscapeSpellings
{
    private const string Key = "11111111-2222-3333-4444-555555555555";

    private static readonly string[] OtherNames =
    [
        "PREFIX/theirs/db/", "/PREFIX/theirs/db", "PREFIX//mine/app", "PREFIX/Mine/app", "PREFIX/mine", "PREFIX/theirs/db-AbCdEf", "TENANT/../PREFIX/mine/app",
    ];

    // Not valid names in AWS: Cyrillic letters, other slashes, escapes, blanks, and an ARN with and without its suffix.
    private static readonly string[] NoNames =
    [
        "PREFIX/mine/\u0430pp", "PREFIX\u2215mine/app", "PREFIX/mine/app\u200b", "PREFIX%2Fmine%2Fapp", "PREFIX/mine/%2e%2e/x", "PREFIX/mine/app\\n",
        " PREFIX/mine/app", "PREFIX/mine/app\\u0000", "PREFIX/mine/*",
        "arn:aws:secretsmanager:us-east-1:000000000000:secret:PREFIX/theirs/db", "arn:aws:secretsmanager:us-east-1:000000000000:secret:PREFIX/theirs/db-AbCdEf",
    ];

    private static readonly string[] OtherKeys =
    [
        $"arn:aws:kms:us-east-1:333333333333:key/{Key}", "arn:aws:kms:us-east-1:333333333333:alias/PREFIX-key",
        $"arn:aws:kms:us-east-1:000000000000:key/{Key}", "arn:aws:kms:us-east-1:000000000000:alias/PREFIX-key",
        "arn:aws:kms:eu-west-1:333333333333:key/mrk-11111111222233334444555555555555", Key, "alias/prefix", "alias/PREFI-key", "alias/aws/secretsmanager",
    ];

    private static readonly string[] NoKeys =
        ["ALIAS/PREFIX-key", "alias/PREFIX-../theirs", "alias/PREFIX-key*", "arn:aws:kms:us-east-1:333333333333:alias", $"key/{Key}"];

    private static readonly string[] KeysElsewhere =
    [
        $"arn:aws:kms:us-east-1:333333333333:key/{Key}", "arn:aws:kms:us-east-1:333333333333:alias/theirs", $"arn:aws-cn:kms:us-east-1:333333333333:key/{Key}",
        "arn:aws:kms:eu-west-1:333333333333:key/mrk-11111111222233334444555555555555",
    ];

    // Characters of a cluster's id, and more: none may act as a wildcard, a separator or a placeholder.
    private static readonly string[] ClusterIds = ["*", "east/TENANT", "{namespace}", "a.b:c/=+-@"];

    /// <summary>All of them, as rules.</summary>
    public static IEnumerable<EscapeRule> All =>
    [
        .. OtherNames.Select(name => new EscapeRule($"allow.secretNames, {name}")
        {
            Bad = With("secretName", name), Says = "allow.secretNames", IsSpelling = true,
        }),
        .. NoNames.Select(name => new EscapeRule($"no name, {name}")
        {
            Bad = With("secretName", name), Reason = "InvalidConfig", Says = "secretName", IsSpelling = true,
        }),
        .. OtherKeys.Select(key => new EscapeRule($"allow.kmsKeyIds, {key}")
        {
            Bad = With("kmsKeyId", key), Key = "kmsKeyId", Says = "allow.kmsKeyIds", IsSpelling = true,
        }),
        .. NoKeys.Select(key => new EscapeRule($"no key, {key}")
        {
            Bad = With("kmsKeyId", key), Key = "kmsKeyId", Reason = "InvalidConfig", Says = "kmsKeyId", IsSpelling = true,
        }),
        .. KeysElsewhere.Select(key => new EscapeRule($"no policy, {key}")
        {
            Policy = null, Bad = With("kmsKeyId", key), Key = "kmsKeyId", Says = "allow.kmsKeyIds", IsSpelling = true,
        }),
        .. ClusterIds.Select(id => new EscapeRule($"a cluster called {id}")
        {
            ClusterId = id,
            Policy = """{"allow":{"secretNames":["PREFIX/mine/*","{cluster}/{namespace}/*"]}}""",
            Bad = """{"secretName":"PREFIX/theirs/TENANT/db"}""",
            Says = "allow.secretNames",
            ShowsClusterId = true,
        }),
    ];

    private static string With(string key, string value) => $$"""{"{{key}}":"{{value}}"}""";
}
