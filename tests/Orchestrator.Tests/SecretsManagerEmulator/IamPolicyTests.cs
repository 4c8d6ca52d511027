using DeploymentOrchestrator.SecretsManagerEmulator.Iam;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

public sealed class IamPolicyTests
{
    private const string Arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:myapp/db-AbCdEf";

    [Theory]
    [InlineData("secretsmanager:DescribeSecret", true)]
    [InlineData("SecretsManager:describesecret", true)]
    [InlineData("secretsmanager:*", true)]
    [InlineData("secretsmanager:D*Secret", true)]
    [InlineData("secretsmanager:Describe??????", true)]
    [InlineData("*", true)]
    [InlineData("secretsmanager:Describe?", false)]
    [InlineData("secretsmanager:Describe", false)]
    [InlineData("kms:*", false)]
    public void Actions_ignore_case_and_take_wildcards(string action, bool allowed) =>
        Assert.Equal(allowed, Decide($$"""{"Effect":"Allow","Action":"{{action}}","Resource":"*"}""") == IamDecision.Allowed);

    [Theory]
    [InlineData(Arn, true)]
    [InlineData("*", true)]
    [InlineData("arn:aws:secretsmanager:*:*:secret:myapp/*", true)]
    [InlineData("arn:aws:secretsmanager:us-east-1:123456789012:secret:myapp/db-??????", true)]
    [InlineData("arn:aws:secretsmanager:us-east-1:123456789012:secret:myapp/db", false)]
    [InlineData("arn:aws:secretsmanager:us-east-1:123456789012:secret:myapp/db-?????", false)]
    [InlineData("arn:aws:secretsmanager:us-east-1:123456789012:secret:MyApp/*", false)]
    [InlineData("arn:aws:secretsmanager:eu-*", false)]
    public void Resources_are_case_sensitive_and_take_wildcards(string resource, bool allowed) =>
        Assert.Equal(allowed, Decide($$"""{"Effect":"Allow","Action":"*","Resource":["arn:aws:s3:::b","{{resource}}"]}""") == IamDecision.Allowed);

    [Fact]
    public void NotAction_and_NotResource_match_everything_else()
    {
        Assert.Equal(IamDecision.Allowed, Decide("""{"Effect":"Allow","NotAction":["kms:*","secretsmanager:Get*"],"Resource":"*"}"""));
        Assert.Equal(IamDecision.NotAllowed, Decide("""{"Effect":"Allow","NotAction":"secretsmanager:D*","Resource":"*"}"""));
        Assert.Equal(IamDecision.Allowed, Decide("""{"Effect":"Allow","Action":"*","NotResource":"arn:aws:secretsmanager:*:*:secret:other/*"}"""));
        Assert.Equal(IamDecision.NotAllowed, Decide("""{"Effect":"Allow","Action":"*","NotResource":"arn:aws:secretsmanager:*:*:secret:myapp/*"}"""));
    }

    [Fact]
    public void Nothing_is_allowed_by_default_and_a_Deny_wins_wherever_it_stands()
    {
        Assert.Equal(IamDecision.NotAllowed, Decide(""));
        Assert.Equal(IamDecision.NotAllowed, Decide("""{"Effect":"Deny","Action":"kms:*","Resource":"*"}"""));
        Assert.Equal(
            IamDecision.Denied,
            Decide("""{"Effect":"Deny","Action":"secretsmanager:D*","Resource":"*"},{"Effect":"Allow","Action":"*","Resource":"*"}"""));
    }

    [Fact]
    public void A_single_statement_needs_no_list() => Assert.Equal(
        IamDecision.Allowed,
        IamPolicy.Parse("""{"Version":"2012-10-17","Id":"i","Statement":{"Sid":"s","Effect":"Allow","Action":"*","Resource":"*"}}""")
            .Decide(new("secretsmanager:DescribeSecret", Arn)));

    [Theory]
    [InlineData("StringEquals", "secretsmanager.*.amazonaws.com", false)]
    [InlineData("StringEquals", "secretsmanager.us-east-1.amazonaws.com", true)]
    [InlineData("StringLike", "secretsmanager.*.amazonaws.com", true)]
    [InlineData("StringLike", "secretsmanager.us-east-?.amazonaws.com", true)]
    [InlineData("StringLike", "secretsmanager.eu-*.amazonaws.com", false)]
    public void Only_StringLike_takes_wildcards(string condition, string service, bool allowed)
    {
        var policy = Policy(
            $$"""{ "Effect": "Allow", "Action": "kms:*", "Resource": "*", "Condition": { "{{condition}}": { "kms:viaservice": ["{{service}}"] } } }""");
        var decision = policy.Decide(new("kms:Decrypt", "arn:aws:kms:us-east-1:123456789012:key/k", "secretsmanager.us-east-1.amazonaws.com"));
        Assert.Equal(allowed, decision == IamDecision.Allowed);
    }

    [Fact]
    public void A_request_without_the_key_of_a_condition_does_not_meet_it() => Assert.Equal(
        IamDecision.NotAllowed,
        Decide("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"kms:ViaService":"*"}}}"""));

    [Theory]
    [InlineData("nonsense", "$: invalid JSON: ")]
    [InlineData("[]", "$: must be an object with Statement")]
    [InlineData("{}", "Statement: is missing")]
    [InlineData("""{"Statement":[],"Statement":[]}""", "$: invalid JSON: ")]
    [InlineData("""{"Statement":[],"Version":"2020-01-01"}""", "Version: must be \"2012-10-17\"")]
    [InlineData("""{"Statement":[7]}""", "Statement[0]: must be an object")]
    public void An_invalid_policy_is_refused(string json, string problem) =>
        Assert.StartsWith(problem, Assert.Single(Assert.Throws<IamPolicyException>(() => IamPolicy.Parse(json)).Problems), StringComparison.Ordinal);

    [Fact]
    public void Every_problem_of_a_policy_is_reported_with_its_path()
    {
        const string Policy = """
            {
              "Statement": [
                { "Effect": "allow", "Action": "CreateSecret", "Resource": "secret", "Principal": "*" },
                { "Effect": "Allow", "Action": [], "NotAction": "*", "Resource": [ 7, "arn:aws:s3:::${aws:username}" ] },
                { "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {
                    "IpAddress": { "aws:SourceIp": "10.0.0.0/8" },
                    "StringEquals": { "aws:RequestedRegion": "us-east-1", "kms:ViaService": "${x}" },
                    "StringLike": 7 } },
                { "Effect": "Allow", "Action": [] }
              ],
              "Statements": []
            }
            """;
        Assert.Equal(
            [
                "Statement[0].Action: \"CreateSecret\" must be * or service:action",
                "Statement[0].Effect: must be \"Allow\" or \"Deny\"",
                "Statement[0].Principal: cannot be evaluated here: only Sid, Effect, Action, NotAction, Resource, NotResource, Condition can",
                "Statement[0].Resource: \"secret\" must be * or an ARN",
                "Statement[1].Resource[0]: must be a string",
                "Statement[1].Resource[1]: \"arn:aws:s3:::${aws:username}\" has a policy variable, which cannot be evaluated here",
                "Statement[1]: must have exactly one of Action and NotAction",
                "Statement[2].Condition.IpAddress: cannot be evaluated here: only StringEquals and StringLike on kms:ViaService can",
                "Statement[2].Condition.StringEquals.aws:RequestedRegion: cannot be evaluated here: only kms:ViaService can",
                "Statement[2].Condition.StringEquals.kms:ViaService: \"${x}\" has a policy variable, which cannot be evaluated here",
                "Statement[2].Condition.StringLike: must be an object",
                "Statement[3].Action: must not be empty",
                "Statement[3]: must have exactly one of Resource and NotResource",
                "Statements: cannot be evaluated here: only Version, Id, Statement can",
            ],
            Assert.Throws<IamPolicyException>(() => IamPolicy.Parse(Policy)).Problems.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_pattern_of_many_stars_is_matched_quickly()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 200)) + "b";
        Assert.False(Wildcard.Matches(pattern, new string('a', 5_000), ignoreCase: false));
        Assert.True(Wildcard.Matches(pattern, new string('a', 5_000) + "b", ignoreCase: false));
        Assert.True(Wildcard.Matches("a*bc*", "abxbc", ignoreCase: false));
    }

    [Theory]
    [InlineData("a", "a/db-AbCdEf", true)]
    [InlineData("a", "b/db-AbCdEf", false)]
    [InlineData(null, "a/db-AbCdEf", false)]
    public void A_session_tag_replaces_its_policy_variable(string? tag, string secret, bool isAllowed)
    {
        var policy = IamPolicy.Parse("""
            {"Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:aws:secretsmanager:*:*:secret:${aws:PrincipalTag/dorch-namespace}/*"}]}
            """);
        var tags = tag is null ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["dorch-namespace"] = tag };

        var decision = policy.Decide(new("secretsmanager:CreateSecret", $"arn:aws:secretsmanager:eu-west-1:000000000000:secret:{secret}", Tags: tags));
        Assert.Equal(isAllowed ? IamDecision.Allowed : IamDecision.NotAllowed, decision);
    }

    private static IamDecision Decide(string statements) => Policy(statements).Decide(new("secretsmanager:DescribeSecret", Arn));

    private static IamPolicy Policy(string statements) => IamPolicy.Parse($$"""{ "Statement": [{{statements}}] }""");
}
