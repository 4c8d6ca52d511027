namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>Each rule of SecretPolicy, the rules without a policy, and those between Components of different namespaces.</summary>
internal static class EscapeRules
{
    private const string AdoptAllowed = """{"allow":{"adopt":true}}""";
    private const string OtherRole = "arn:aws:iam::333333333333:role/admin";

    private static readonly Victim Shared = new("PREFIX/mine/shared");
    private static readonly Victim HandMade = new("PREFIX/mine/handmade") { Origin = Origin.Hand };
    private static readonly Victim Handed = new("PREFIX/mine/handed") { Origin = Origin.TakenOver };
    private static readonly Victim Nowhere = new("PREFIX/mine/late") { Origin = Origin.NowhereForNow };
    private static readonly Victim Scheduled = new("PREFIX/mine/kept") { Origin = Origin.Scheduled };
    private static readonly Victim Left = new("PREFIX/mine/left") { Origin = Origin.DeletedComponent };
    private static readonly Victim Elsewhere = new("PREFIX/mine/app") { Account = EscapeRule.OtherAccount, Origin = Origin.Hand };

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<EscapeRule> All { get; } =
    [
        .. EscapeSpellings.All,
        new("allow.secretNames") { Bad = """{"secretName":"PREFIX/theirs/db"}""", Says = "allow.secretNames" },
        new("allow.secretNames, a name that begins alike") { Bad = """{"secretName":"PREFIX/mine-too/app"}""", Says = "allow.secretNames" },
        new("allow.regions, the name by one policy and the region by another")
        {
            SecondPolicy = """{"namespaces":{"matchNames":["TENANT"]},"allow":{"secretNames":["PREFIX/other/*"],"regions":["eu-west-1"]}}""",
            Bad = """{"region":"eu-west-1"}""",
            Key = "region",
            Says = "allow.regions",
        },
        new("unreadable") { Policy = """{"mandatry":{"region":"us-east-1"}}""", Good = null, Bad = "{}", Says = "unreadable" },
        new("allow.regions")
        {
            Bad = """{"region":"eu-west-1"}""",
            Key = "region",
            Says = "allow.regions",
            Victim = new("PREFIX/mine/app") { Region = "eu-west-1", Origin = Origin.Hand },
        },
        new("allow.roleArns") { Bad = $$"""{"roleArn":"{{OtherRole}}"}""", Key = "roleArn", Says = "allow.roleArns", Victim = Elsewhere },
        new("allow.kmsKeyIds") { Bad = """{"kmsKeyId":"alias/theirs"}""", Key = "kmsKeyId", Says = "allow.kmsKeyIds" },
        new("allow.adopt") { Bad = """{"secretName":"PREFIX/mine/handmade","adopt":true}""", Says = "allow.adopt", Victim = HandMade },
        new("allow.takeOverFrom") { Bad = """{"secretName":"PREFIX/mine/left"}""", Reason = "Conflict", Victim = Left },
        new("allow.takeOverFrom, always")
        {
            Bad = """{"secretName":"PREFIX/mine/left","updatePolicy":"AlwaysUpdate"}""",
            Reason = "Conflict",
            Victim = Left,
        },
        new("a living stranger, IfNotExists") { Bad = """{"secretName":"PREFIX/mine/shared"}""", Reason = "Conflict", Victim = Shared },
        new("a living stranger, AlwaysUpdate")
        {
            Bad = """{"secretName":"PREFIX/mine/shared","updatePolicy":"AlwaysUpdate"}""",
            Reason = "Conflict",
            Victim = Shared,
        },
        new("adopt from a living stranger")
        {
            Policy = AdoptAllowed,
            AllowsAbandoned = true,
            Bad = """{"secretName":"PREFIX/mine/shared","adopt":true,"updatePolicy":"AlwaysUpdate"}""",
            Reason = "Conflict",
            Victim = Shared,
        },
        new("adopt from a living stranger by a role of the same account")
        {
            AllowsAbandoned = true,
            Policy = """{"allow":{"adopt":true,"roleArns":["arn:aws:iam::000000000000:role/PREFIX-*"]}}""",
            Bad = """{"secretName":"PREFIX/mine/shared","adopt":true,"roleArn":"arn:aws:iam::000000000000:role/PREFIX-push"}""",
            Reason = "Conflict",
            Victim = Shared,
        },
        new("a secret of one's own that another took over") { Bad = """{"secretName":"PREFIX/mine/handed"}""", Reason = "Conflict", Victim = Handed },
        new("a secret of one's own that another took over, always")
        {
            Bad = """{"secretName":"PREFIX/mine/handed","updatePolicy":"AlwaysUpdate"}""",
            Reason = "Conflict",
            Victim = Handed,
        },
        new("a living stranger whose region nobody can tell, with takeOverFrom")
        {
            Policy = """{"allow":{"takeOverFrom":["NEIGHBOUR"]}}""",
            AllowsAbandoned = true,
            Bad = """{"secretName":"PREFIX/mine/late"}""",
            Reason = "Conflict",
            Victim = Nowhere,
        },
        new("Retain, and nothing can be restored")
        {
            Policy = """{"mandatory":{"deletionPolicy":"Retain"}}""",
            Bad = """{"secretName":"PREFIX/mine/kept","deletionPolicy":"Retain"}""",
            Says = "needs secretsmanager:RestoreSecret",
            Victim = Scheduled,
            KeepsOwn = true,
            DeniedAction = "RestoreSecret",
            // The secret is the tenant's own, and so is its tag.
            ShowsClusterId = true,
        },
        new("mandatory.externalId")
        {
            Policy = """{"mandatory":{"externalId":"{cluster}/{namespace}"}}""",
            Good = """{"roleArn":"arn:aws:iam::222222222222:role/PREFIX-push"}""",
            Bad = """{"externalId":"somebody-else"}""",
            Key = "externalId",
            Says = "mandatory.externalId",
            ShowsClusterId = true,
        },
        new("mandatory.region")
        {
            Policy = """{"allow":{"regions":["*"]},"mandatory":{"region":"us-east-1"}}""",
            Bad = """{"region":"eu-west-1"}""",
            Key = "region",
            Says = "mandatory.region",
        },
        new("mandatory.roleArn")
        {
            Policy = """{"mandatory":{"roleArn":"arn:aws:iam::222222222222:role/PREFIX-push"}}""",
            Bad = """{"roleArn":"arn:aws:iam::222222222222:role/PREFIX-other"}""",
            Key = "roleArn",
            Says = "mandatory.roleArn",
        },
        new("mandatory.kmsKeyId")
        {
            Policy = """{"mandatory":{"kmsKeyId":"alias/PREFIX-key"}}""",
            Bad = """{"kmsKeyId":"alias/PREFIX-other"}""",
            Key = "kmsKeyId",
            Says = "mandatory.kmsKeyId",
        },
        new("mandatory.tags")
        {
            Policy = """{"mandatory":{"tags":{"cost-centre":"4711"}}}""",
            Bad = """{"tags":{"cost-centre":"1"}}""",
            Says = "mandatory.tags",
        },
        new("mandatory.deletionPolicy")
        {
            Policy = """{"mandatory":{"deletionPolicy":"Retain"}}""",
            Bad = """{"deletionPolicy":"Delete"}""",
            Says = "mandatory.deletionPolicy",
            KeepsOwn = true,
        },
        new("mandatory.passwordLength")
        {
            Policy = """{"mandatory":{"passwordLength":20}}""",
            Bad = """{"fields":{"password":{"generator":{"passwordLength":8}}}}""",
            Says = "mandatory.passwordLength",
        },
        new("limits.generatedFields")
        {
            Policy = """{"limits":{"generatedFields":2}}""",
            Bad = """{"fields":{"b":{"generator":{"passwordLength":24}},"c":{"generator":{"passwordLength":24}}}}""",
            Says = "limits.generatedFields",
        },
        new("no policy, roleArn") { Policy = null, Bad = $$"""{"roleArn":"{{OtherRole}}"}""", Key = "roleArn", Says = "roleArn", Victim = Elsewhere },
        new("no policy, adopt") { Policy = null, Bad = """{"secretName":"PREFIX/mine/handmade","adopt":true}""", Says = "adopt", Victim = HandMade },
        new("no policy, a key of another account")
        {
            Policy = null,
            Bad = """{"kmsKeyId":"arn:aws:kms:us-east-1:333333333333:alias/theirs"}""",
            Key = "kmsKeyId",
            Says = "kmsKeyId",
        },
        new("no policy, a living stranger") { Policy = null, Bad = """{"secretName":"PREFIX/theirs/db"}""", Reason = "Conflict" },
        new("no policy, an abandoned secret") { Policy = null, Bad = """{"secretName":"PREFIX/mine/left"}""", Reason = "Conflict", Victim = Left },
        new("required") { Policy = null, Good = null, Bad = "{}", RequiresPolicy = true, Says = "no SecretPolicy selects the namespace" },
    ];

    /// <summary>Every rule with each attack that can break it.</summary>
    public static IReadOnlyList<(EscapeRule Rule, EscapeWay Way)> Cells { get; } =
        [.. All.SelectMany(rule => EscapeWays.All.Where(way => IsOf(rule, way)).Select(way => (rule, way)))];

    /// <summary>Every kind of cluster that they require.</summary>
    public static IReadOnlyList<EscapeCluster> Clusters { get; } = [.. All.Select(r => r.Cluster).Distinct()];

    private static bool IsOf(EscapeRule rule, EscapeWay way) => (!rule.AllowsAbandoned || !way.IsOfAbandoned)
        && (!rule.IsSpelling || way.IsForSpellings)
        && (!way.NeedsOwnBackup || rule.Victim.Origin is Origin.TakenOver or Origin.Scheduled);
}
