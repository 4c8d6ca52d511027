namespace DeploymentOrchestrator.Tests.Policies;

public sealed class SecretPolicyReaderTests
{
    [Fact]
    public void The_example_of_the_reference_is_valid() => PolicyYaml.Valid("""
        {namespaces: {matchLabels: {team: b}},
         allow: {secretNames: ["team-b/*", "{cluster}/{namespace}/*"], regions: [eu-west-1], roleArns: ["arn:aws:iam::222222222222:role/team-b-*"],
           kmsKeyIds: ["alias/team-b-*"], adopt: false, takeOverFrom: []},
         mandatory: {externalId: "{cluster}/{namespace}", kmsKeyId: alias/team-b, tags: {cost-centre: "4711"}, deletionPolicy: Retain, passwordLength: 20},
         defaults: {region: eu-west-1}, limits: {generatedFields: 100}}
        """);

    [Theory]
    [InlineData("{allow: {}}", "spec: \"namespaces\" is missing: it must be an object")]
    [InlineData("[]", "spec: must be an object, not a list")]
    [InlineData("{namespaces: {}, alow: {}}", "spec.alow: unknown key \"alow\"; did you mean \"allow\"?")]
    [InlineData("{namespaces: {matchName: [a]}}", "spec.namespaces.matchName: unknown key \"matchName\"; did you mean \"matchNames\"?")]
    [InlineData("{namespaces: {matchNames: []}}", "spec.namespaces.matchNames: is empty and would select nothing: name namespaces, or leave the key out")]
    [InlineData("{namespaces: {matchLabels: {}}}",
        "spec.namespaces.matchLabels: is empty: name labels, or leave the key out; namespaces: {} selects every namespace")]
    [InlineData("{namespaces: {matchNames: [team-*]}}",
        "spec.namespaces.matchNames[0]: \"team-*\" is not a namespace's name: lower-case letters, digits and -, at most 63 characters, no wildcards")]
    [InlineData("{namespaces: {matchLabels: {team: 1}}}", "spec.namespaces.matchLabels.team: must be a string, not the number 1: quote it as it was written")]
    [InlineData("{namespaces: {matchExpressions: [{key: team, operator: In}]}}", "spec.namespaces.matchExpressions[0].values: In needs values")]
    [InlineData("{namespaces: {matchExpressions: [{key: team, operator: Exists, values: [a]}]}}",
        "spec.namespaces.matchExpressions[0].values: Exists takes no values")]
    [InlineData("{namespaces: {matchExpressions: [{key: team, operator: Is}]}}",
        "spec.namespaces.matchExpressions[0].operator: must be In or NotIn or Exists or DoesNotExist, not \"Is\"; did you mean \"In\"?")]
    [InlineData("{namespaces: {}, allow: {secretNames: [\"team-b/?\"]}}",
        "spec.allow.secretNames[0]: must be of the characters A-Z a-z 0-9 / _ + = . @ - and *, such as team-b/*, not \"team-b/?\"; * is the only wildcard")]
    [InlineData("{namespaces: {}, allow: {secretNames: [\"{team}/*\"]}}",
        "spec.allow.secretNames[0]: \"{team}/*\" has a placeholder that is not known: only {cluster} and {namespace} are replaced")]
    [InlineData("{namespaces: {}, allow: {secretNames: team-b}}", "spec.allow.secretNames: must be a list, not a string")]
    [InlineData("{namespaces: {}, allow: {regions: [EU]}}",
        "spec.allow.regions[0]: must be a region such as eu-west-1, or eu-*, not \"EU\"; * is the only wildcard")]
    [InlineData("{namespaces: {}, allow: {roleArns: [team-b-*]}}",
        "spec.allow.roleArns[0]: must be an IAM role's ARN such as arn:aws:iam::123456789012:role/team-b-*, or *, not \"team-b-*\"; * is the only wildcard")]
    [InlineData("{namespaces: {}, allow: {roleArns: [\"arn:aws:iam::22222*:role/x\"]}}",
        "spec.allow.roleArns[0]: must be an IAM role's ARN such as arn:aws:iam::123456789012:role/team-b-*, or *, not \"arn:aws:iam::22222*:role/x\"; "
            + "* is the only wildcard")]
    [InlineData("{namespaces: {}, allow: {kmsKeyIds: [team-b]}}",
        "spec.allow.kmsKeyIds[0]: must be a key id, a key's ARN, alias/NAME or an alias's ARN, such as alias/team-b-*, or *, not \"team-b\"; "
            + "* is the only wildcard")]
    [InlineData("{namespaces: {}, allow: {adopt: \"yes\"}}", "spec.allow.adopt: must be true or false, not a string")]
    [InlineData("{namespaces: {}, allow: {takeOverFrom: [\"*\"]}}",
        "spec.allow.takeOverFrom[0]: \"*\" is not a namespace's name: lower-case letters, digits and -, at most 63 characters, no wildcards")]
    [InlineData("{namespaces: {}, mandatory: {region: eu-*}}",
        "spec.mandatory.region: must be an AWS region such as eu-west-1, not \"eu-*\": a value has no wildcards")]
    [InlineData("{namespaces: {}, mandatory: {roleArn: \"arn:aws:iam::222222222222:role/*\"}}",
        "spec.mandatory.roleArn: must be an IAM role's ARN such as arn:aws:iam::123456789012:role/secrets, not \"arn:aws:iam::222222222222:role/*\": "
            + "a value has no wildcards")]
    [InlineData("{namespaces: {}, mandatory: {deletionPolicy: Keep}}", "spec.mandatory.deletionPolicy: must be Delete or Retain, not \"Keep\"")]
    [InlineData("{namespaces: {}, mandatory: {passwordLength: 5000}}", "spec.mandatory.passwordLength: must be a whole number, 1-4096, not the number 5000")]
    [InlineData("{namespaces: {}, mandatory: {tags: {\"aws:x\": z}}}",
        "spec.mandatory.tags.aws:x: a tag's key has 1-128 characters and does not begin with aws:")]
    [InlineData("{namespaces: {}, defaults: {passwordLength: 20}}",
        "spec.defaults.passwordLength: every generator names its own length: put the least into mandatory.passwordLength")]
    [InlineData("{namespaces: {}, defaults: {adopt: true}}",
        "spec.defaults.adopt: unknown key \"adopt\"; known are deletionPolicy, externalId, kmsKeyId, passwordLength, region, roleArn, tags")]
    [InlineData("{namespaces: {}, mandatory: {tags: {team: b, Team: c}}}",
        "spec.mandatory.tags.Team: is the same key to IAM as team: leave one out")]
    [InlineData("{namespaces: {}, mandatory: {tags: {Deployment-Orchestrator.io/owner: me}}}",
        "spec.mandatory.tags.Deployment-Orchestrator.io/owner: is reserved: secret-push sets this tag on its own secrets")]
    [InlineData("{namespaces: {}, limits: {generatedFields: -1}}", "spec.limits.generatedFields: must be a whole number, 0 or more, not the number -1")]
    public void A_mistake_is_reported_with_its_place_and_what_to_do(string spec, string problem) =>
        Assert.Equal([problem], PolicyYaml.Read(spec).Problems.Select(p => p.ToString()));

    [Theory]
    [InlineData("{namespaces: {matchNames: [web]}, allow: {secretNames: [\"?\"]}}", false)]
    [InlineData("{namespaces: {matchNames: [web]}, defaults: {region: x}}", false)]
    [InlineData("{namespaces: {matchNames: [web]}, limits: []}", false)]
    [InlineData("{namespaces: {matchNames: [web]}, mandatory: {region: x}}", true)]
    [InlineData("{namespaces: {matchNames: [web]}, mandatry: {region: eu-west-1}}", true)]
    [InlineData("{namespaces: {matchNames: [web], machLabels: {team: b}}}", true)]
    public void A_policy_with_a_mistake_in_its_demands_has_unknown_demands(string spec, bool isUnknown)
    {
        var policy = PolicyYaml.Read(spec).Policy;

        Assert.NotNull(policy.Unreadable);
        Assert.Equal(isUnknown, policy.IsDemandUnknown);
        Assert.False(policy.Namespaces.Selects("db", new Dictionary<string, string>()));
    }

    [Theory]
    [InlineData("{namespaces: {matchNames: [\"*\"]}}")]
    [InlineData("{namespaces: web}")]
    [InlineData("5")]
    public void An_unreadable_selector_selects_every_namespace(string spec) =>
        Assert.True(PolicyYaml.Read(spec).Policy.Namespaces.Selects("any", new Dictionary<string, string>()));
}
