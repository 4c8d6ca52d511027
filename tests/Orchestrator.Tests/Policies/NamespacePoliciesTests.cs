using DeploymentOrchestrator.Policies;

namespace DeploymentOrchestrator.Tests.Policies;

/// <summary>What one policy, several policies or none allow.</summary>
public sealed class NamespacePoliciesTests
{
    private const string Role = "arn:aws:iam::222222222222:role/team-b-push";
    private const string All = "namespaces: {}";

    private static readonly PolicyScope Scope = new("web", "prod", "eu-west-1");
    private static readonly SecretRequest Plain = new() { SecretName = "web/db" };

    [Fact]
    public void A_policy_allows_what_its_lists_name()
    {
        var verdict = Judge(Plain with { Region = "us-east-1", RoleArn = Role, KmsKeyId = "alias/team-b-x", Adopt = true },
            $"{{{All}, allow: {{secretNames: ['{{namespace}}/*'], regions: [us-*], roleArns: ['arn:aws:iam::222222222222:role/team-b-*'], "
            + "kmsKeyIds: [alias/team-b-*], adopt: true}}");

        Assert.IsType<PolicyVerdict.Allowed>(verdict);
    }

    [Fact]
    public void An_absent_list_allows_what_the_operator_itself_would_use()
    {
        Assert.IsType<PolicyVerdict.Allowed>(Judge(Plain, NamesOnly));
        Assert.IsType<PolicyVerdict.Allowed>(Judge(Plain with { Region = "eu-west-1" }, NamesOnly));
        Assert.Equal(["region: SecretPolicy p0, allow.regions: region us-east-1 is not allowed; allowed is the operator's own, eu-west-1"],
            Texts(Judge(Plain with { Region = "us-east-1" }, NamesOnly)));
        Assert.Equal([$"roleArn: SecretPolicy p0, allow.roleArns: roleArn {Role} is not allowed; it allows none"],
            Texts(Judge(Plain with { RoleArn = Role }, NamesOnly)));
        Assert.Equal(["kmsKeyId: SecretPolicy p0, allow.kmsKeyIds: kmsKeyId alias/x is not allowed; it allows none"],
            Texts(Judge(Plain with { KmsKeyId = "alias/x" }, NamesOnly)));
        Assert.Equal(["adopt: SecretPolicy p0, allow.adopt: adopt: true is not allowed: take adopt out, or ask an administrator"],
            Texts(Judge(Plain with { Adopt = true }, NamesOnly)));
        Assert.Equal(["secretName: SecretPolicy p0, allow.secretNames: secretName web/db is not allowed; it allows none"],
            Texts(Judge(Plain, $"{{{All}}}")));
    }

    [Fact]
    public void The_operators_own_region_must_be_in_the_list_too()
    {
        var verdict = Judge(Plain, $"{{{All}, allow: {{secretNames: [web/*], regions: [us-east-1]}}}}");

        Assert.Equal(["region: SecretPolicy p0, allow.regions: region eu-west-1 is not allowed; allowed is us-east-1"], Texts(verdict));
    }

    [Fact]
    public void A_denial_says_what_is_allowed_with_placeholders_replaced() => Assert.Equal(
        ["secretName: SecretPolicy p0, allow.secretNames: secretName other/db is not allowed; allowed are web/*, prod/web/*"],
        Texts(Judge(new() { SecretName = "other/db" }, $"{{{All}, allow: {{secretNames: ['{{namespace}}/*', '{{cluster}}/{{namespace}}/*']}}}}")));

    [Fact]
    public void Several_policies_add_up_but_one_must_allow_the_whole_request()
    {
        var names = $"{{{All}, allow: {{secretNames: [web/*]}}}}";
        var roles = $"{{{All}, allow: {{secretNames: [shared/*], roleArns: ['{Role}']}}}}";

        Assert.IsType<PolicyVerdict.Allowed>(Judge(Plain, names, roles));
        Assert.IsType<PolicyVerdict.Allowed>(Judge(new() { SecretName = "shared/db", RoleArn = Role }, names, roles));
        Assert.Equal(
            [
                $"roleArn: SecretPolicy p0, allow.roleArns: roleArn {Role} is not allowed; it allows none",
                "secretName: SecretPolicy p1, allow.secretNames: secretName web/db is not allowed; allowed is shared/*",
            ],
            Texts(Judge(Plain with { RoleArn = Role }, names, roles)));
    }

    [Fact]
    public void Inherited_secrets_come_from_a_policy_that_allows_the_request()
    {
        var old = $"{{{All}, allow: {{secretNames: [old/*], takeOverFrom: [old]}}}}";
        var renamed = $"{{{All}, allow: {{secretNames: [web/*], takeOverFrom: [before]}}}}";

        Assert.Equal(["before"], Assert.IsType<PolicyVerdict.Allowed>(Judge(Plain, old, renamed)).TakeOverFrom);
    }

    [Fact]
    public void Demands_are_filled_in_and_need_no_list()
    {
        var verdict = Judge(Plain, NamesOnly,
            $"{{{All}, mandatory: {{region: us-east-1, roleArn: '{Role}', externalId: '{{cluster}}/{{namespace}}', kmsKeyId: alias/web, tags: {{cc: '4711'}}, "
            + "deletionPolicy: Retain}}");

        var request = Assert.IsType<PolicyVerdict.Allowed>(verdict).Request;
        Assert.Equal(("us-east-1", Role, "prod/web", "alias/web", "4711", "Retain"),
            (request.Region, request.RoleArn, request.ExternalId, request.KmsKeyId, request.Tags["cc"], request.DeletionPolicy));
    }

    [Fact]
    public void Another_value_than_the_demanded_one_is_denied()
    {
        var demands = $"{{{All}, mandatory: {{region: us-east-1, kmsKeyId: alias/web, tags: {{cc: '4711'}}, deletionPolicy: Retain, passwordLength: 20}}}}";
        var request = Plain with
        {
            Region = "eu-west-1",
            KmsKeyId = "alias/x",
            Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["cc"] = "1" },
            DeletionPolicy = "Delete",
            Generated = [new("short", 19), new("long", 20)],
        };

        Assert.Equal(
            [
                "region: SecretPolicy p1, mandatory.region: must be us-east-1, not eu-west-1: leave region out",
                "kmsKeyId: SecretPolicy p1, mandatory.kmsKeyId: must be alias/web, not alias/x: leave kmsKeyId out",
                "deletionPolicy: SecretPolicy p1, mandatory.deletionPolicy: must be Retain, not Delete: leave deletionPolicy out",
                "tags.cc: SecretPolicy p1, mandatory.tags.cc: must be 4711, not 1: leave tags.cc out",
                "fields.short.generator.passwordLength: SecretPolicy p1, mandatory.passwordLength: must be at least 20, not 19",
            ],
            Texts(Judge(request, NamesOnly, demands)));
    }

    [Fact]
    public void A_demanded_external_id_applies_to_roles_only()
    {
        var policy = $"{{{All}, allow: {{secretNames: [web/*], roleArns: ['{Role}']}}, mandatory: {{externalId: '{{cluster}}/{{namespace}}'}}}}";

        Assert.Null(Assert.IsType<PolicyVerdict.Allowed>(Judge(Plain, policy)).Request.ExternalId);
        Assert.Equal("prod/web", Assert.IsType<PolicyVerdict.Allowed>(Judge(Plain with { RoleArn = Role }, policy)).Request.ExternalId);
    }

    [Fact]
    public void A_demanded_external_id_applies_to_a_default_role_too_and_wins_over_a_default_one()
    {
        var names = $"{{{All}, allow: {{secretNames: [web/*]}}, defaults: {{roleArn: '{Role}', externalId: own}}}}";
        var demand = $"{{{All}, mandatory: {{externalId: '{{cluster}}/{{namespace}}'}}}}";

        Assert.Equal("prod/web", Assert.IsType<PolicyVerdict.Allowed>(Judge(Plain, names, demand)).Request.ExternalId);
        Assert.Equal("own", Assert.IsType<PolicyVerdict.Allowed>(Judge(Plain, names)).Request.ExternalId);
        Assert.Equal("externalId: SecretPolicy p1, mandatory.externalId: must be prod/web, not mine: leave externalId out",
            Texts(Judge(Plain with { ExternalId = "mine" }, names, demand))[0]);
    }

    [Fact]
    public void A_tag_whose_key_differs_from_a_demanded_one_in_its_case_alone_is_denied()
    {
        var demand = $"{{{All}, mandatory: {{tags: {{team: b}}}}}}";
        var said = new Dictionary<string, string>(StringComparer.Ordinal) { ["Team"] = "a" };

        Assert.Equal(["tags.team: SecretPolicy p1, mandatory.tags.team: Team is the same key to IAM: leave tags.Team out"],
            Texts(Judge(Plain with { Tags = said }, NamesOnly, demand)));
        said = new(StringComparer.Ordinal) { ["team\u00A0"] = "a" };
        Assert.Contains("is the same key to IAM", Assert.Single(Texts(Judge(Plain with { Tags = said }, NamesOnly, demand))), StringComparison.Ordinal);
        var defaults = $"{{{All}, allow: {{secretNames: [web/*]}}, defaults: {{tags: {{TEAM: c}}}}}}";
        Assert.Equal([new("team", "b")], Assert.IsType<PolicyVerdict.Allowed>(Judge(Plain, defaults, demand)).Request.Tags);
        Assert.Equal(["tags.team: SecretPolicies p1 and p2, mandatory.tags.team: they demand b and c: ask an administrator to change one"],
            Texts(Judge(Plain, NamesOnly, demand, $"{{{All}, mandatory: {{tags: {{Team: c}}}}}}")));
    }

    [Fact]
    public void The_limit_of_a_policy_that_cannot_be_read_does_not_count() => Assert.StartsWith(
        "fields: limits.generatedFields: 101 generated fields are more than the 100",
        Assert.Single(Texts(Judge(Plain with { Generated = [.. Enumerable.Range(0, 101).Select(i => new GeneratedField($"f{i}", 20))] },
            NamesOnly, $"{{{All}, allow: {{secretNames: ['?']}}, limits: {{generatedFields: 300}}}}"))), StringComparison.Ordinal);

    [Fact]
    public void Two_policies_that_demand_different_values_deny_everything_and_are_both_named()
    {
        var verdict = Judge(Plain, NamesOnly, $"{{{All}, mandatory: {{region: us-east-1}}}}", $"{{{All}, mandatory: {{region: eu-west-1}}}}");

        Assert.Equal(
            ["region: SecretPolicies p1 and p2, mandatory.region: they demand us-east-1 and eu-west-1: ask an administrator to change one"], Texts(verdict));
    }

    [Fact]
    public void The_highest_of_several_minimum_lengths_counts() => Assert.Equal(
        ["fields.a.generator.passwordLength: SecretPolicy p2, mandatory.passwordLength: must be at least 24, not 20"],
        Texts(Judge(Plain with { Generated = [new("a", 20)] }, NamesOnly,
            $"{{{All}, mandatory: {{passwordLength: 16}}}}", $"{{{All}, mandatory: {{passwordLength: 24}}}}")));

    [Fact]
    public void Defaults_fill_in_missing_keys_and_belong_to_their_own_policy()
    {
        var policy = $"{{{All}, allow: {{secretNames: [web/*]}}, defaults: {{region: us-east-1, kmsKeyId: alias/web, tags: {{cc: '4711', team: b}}}}}}";
        var said = new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = "c" };

        var request = Assert.IsType<PolicyVerdict.Allowed>(Judge(Plain with { Tags = said }, policy)).Request;
        Assert.Equal(("us-east-1", "alias/web", "4711", "c"), (request.Region, request.KmsKeyId, request.Tags["cc"], request.Tags["team"]));
        Assert.IsType<PolicyVerdict.Denied>(Judge(new() { SecretName = "other/x", Region = "us-east-1" },
            policy, $"{{{All}, allow: {{secretNames: [other/*]}}}}"));
    }

    [Theory]
    [InlineData(101, "", "fields: limits.generatedFields: 101 generated fields are more than the 100 that are allowed")]
    [InlineData(100, "", null)]
    [InlineData(6, "limits: {generatedFields: 5}", "fields: SecretPolicy p0, limits.generatedFields: 6 generated fields are more than the 5 that are allowed")]
    [InlineData(300, "limits: {generatedFields: 300}", null)]
    public void A_policy_limits_the_number_of_generated_fields(int count, string limits, string? problem)
    {
        var request = Plain with { Generated = [.. Enumerable.Range(0, count).Select(i => new GeneratedField($"f{i}", 20))] };
        string[] policies = limits.Length == 0 ? [] : [$"{{{All}, allow: {{secretNames: [web/*]}}, {limits}}}"];

        var texts = Texts(Judge(request, policies));
        Assert.Equal(problem is null ? 0 : 1, texts.Count);
        Assert.StartsWith(problem ?? "", string.Concat(texts), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "us-east-1", "alias/x", false, null)]
    [InlineData(null, null, "11111111-2222-3333-4444-555555555555", false, null)]
    [InlineData(null, null, "arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555", false, null)]
    [InlineData(null, null, "arn:aws:kms:eu-west-1:222222222222:alias/x", false,
        "kmsKeyId: allow.kmsKeyIds: no SecretPolicy selects the namespace web, so a KMS key of account 222222222222")]
    [InlineData(Role, null, null, false, "roleArn: allow.roleArns: no SecretPolicy selects the namespace web, so roleArn " + Role)]
    [InlineData(null, null, null, true, "adopt: allow.adopt: no SecretPolicy selects the namespace web, so adopt: true")]
    public void Without_a_policy_everything_within_the_account_is_allowed(string? role, string? region, string? key, bool adopt, string? problem)
    {
        var request = new SecretRequest { SecretName = "any/thing", RoleArn = role, Region = region, KmsKeyId = key, Adopt = adopt };

        Assert.Equal(
            problem is null ? [] : [$"{problem} is not allowed: ask an administrator for a SecretPolicy that allows it"],
            Texts(Policies().Judge(request, account: "111111111111")));
    }

    [Fact]
    public void The_account_is_looked_up_only_for_the_ARN_of_a_key()
    {
        Assert.IsType<PolicyVerdict.AskAccount>(Judge(Plain with { KmsKeyId = "arn:aws:kms:eu-west-1:222222222222:alias/x" }));
        Assert.IsType<PolicyVerdict.Allowed>(Judge(Plain with { KmsKeyId = "alias/x" }));
    }

    [Fact]
    public void Where_a_policy_is_required_a_namespace_without_one_is_denied_everything() => Assert.Equal(
        ["required: no SecretPolicy selects the namespace web, and this operator requires one: ask an administrator for a SecretPolicy that selects it"],
        Texts((Policies() with { IsRequired = true }).Judge(Plain)));

    [Fact]
    public void A_policy_that_cannot_be_read_allows_nothing_and_still_demands()
    {
        var broken = $"{{{All}, allow: {{secretNames: ['?', 'web/*']}}, mandatory: {{kmsKeyId: alias/web}}}}";

        Assert.StartsWith("SecretPolicy p0, unreadable: cannot be read: spec.allow.secretNames[0]: must be", Texts(Judge(Plain, broken)).Single(),
            StringComparison.Ordinal);
        Assert.Equal("alias/web", Assert.IsType<PolicyVerdict.Allowed>(Judge(Plain, broken, NamesOnly)).Request.KmsKeyId);
    }

    [Fact]
    public void A_policy_whose_demands_cannot_be_read_denies_everything_that_it_may_be_for()
    {
        Assert.IsType<PolicyVerdict.Denied>(Judge(Plain, $"{{{All}, mandatory: {{region: x}}}}", NamesOnly));
        Assert.IsType<PolicyVerdict.Denied>(Judge(Plain, "{namespaces: web}", NamesOnly));
        Assert.IsType<PolicyVerdict.Allowed>(Judge(Plain, "{namespaces: {matchNames: [db]}, mandatory: {region: x}}", NamesOnly));
    }

    [Fact]
    public void An_existing_secret_is_checked_by_name_region_and_role()
    {
        var policy = $"{{{All}, allow: {{secretNames: [web/*], roleArns: ['{Role}']}}, "
            + "mandatory: {externalId: '{cluster}/{namespace}', kmsKeyId: alias/x}}";

        Assert.Equal("prod/web", Assert.IsType<PolicyVerdict.Allowed>(Policies(policy).JudgeTarget(
            new() { SecretName = "web/db", Region = "eu-west-1", RoleArn = Role, ExternalId = "prod/db" })).Request.ExternalId);
        Assert.IsType<PolicyVerdict.Denied>(Policies(policy).JudgeTarget(new() { SecretName = "db/x", Region = "eu-west-1" }));
        Assert.IsType<PolicyVerdict.Denied>(Policies(policy).JudgeTarget(new() { SecretName = "web/db", Region = "us-east-1" }));
        Assert.IsType<PolicyVerdict.Denied>(Policies(policy).JudgeTarget(new() { SecretName = "web/db", Region = "eu-west-1", RoleArn = Role + "2" }));
        Assert.IsType<PolicyVerdict.Denied>(Policies().JudgeTarget(new() { SecretName = "web/db", Region = "eu-west-1", RoleArn = Role }));
        Assert.IsType<PolicyVerdict.Allowed>(Policies().JudgeTarget(new() { SecretName = "web/db", Region = "us-east-1" }));
    }

    [Fact]
    public void An_existing_secret_is_not_reached_with_another_role_than_the_demanded_one() => Assert.Equal(
        [
            "region: SecretPolicy p0, mandatory.region: must be us-east-1, but the secret was created with eu-west-1",
            $"roleArn: SecretPolicy p0, mandatory.roleArn: must be {Role}, but the secret was created without one",
        ],
        Texts(Policies($"{{{All}, allow: {{secretNames: [web/*]}}, mandatory: {{region: us-east-1, roleArn: '{Role}'}}}}")
            .JudgeTarget(new() { SecretName = "web/db", Region = "eu-west-1" })));

    [Fact]
    public void A_value_that_is_not_known_yet_is_not_denied()
    {
        var policies = new NamespacePolicies([PolicyYaml.Valid($"{{{All}, mandatory: {{externalId: '{{cluster}}/{{namespace}}', region: us-east-1}}}}"),
            PolicyYaml.Valid($"{{{All}, allow: {{secretNames: [web/*]}}}}")], new("web", null, null, IsPartial: true), IsRequired: false);
        var request = new SecretRequest { SecretName = "", Unknown = new HashSet<string>(StringComparer.Ordinal) { "secretName", "region", "roleArn" } };

        Assert.IsType<PolicyVerdict.Allowed>(policies.Judge(request));
    }

    private static string NamesOnly => $"{{{All}, allow: {{secretNames: [web/*]}}}}";

    private static NamespacePolicies Policies(params string[] specs) =>
        NamespacePolicies.Of(specs.Select((spec, i) => PolicyYaml.Read(spec, $"p{i}").Policy), Scope, labels: null, isRequired: false);

    private static PolicyVerdict Judge(SecretRequest request, params string[] specs) => Policies(specs).Judge(request);

    private static IReadOnlyList<string> Texts(PolicyVerdict verdict) =>
        verdict is PolicyVerdict.Denied denied ? [.. denied.Denials.Select(d => d.ToProblem().ToString())] : [];
}
