using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Configuration;

public sealed partial class SecretPushConfigTests
{
    /// <summary>The specification's first Component.</summary>
    private const string Specification = """
        {
          "region": "us-east-1", "secretName": "myapp/prod/credentials", "kmsKeyId": "alias/myapp-secrets",
          "fields": {
            "username": { "value": "admin" },
            "email": { "value": "admin@example.com" },
            "db_host": { "value": "{{ .database.providerStatus.endpoint }}" },
            "admin_password": { "generator": { "passwordLength": 32, "requireEachIncludedType": true, "excludePunctuation": false } },
            "api_token": { "generator": { "passwordLength": 64, "excludePunctuation": true } }
          },
          "updatePolicy": "IfNotExists", "deletionPolicy": "Delete"
        }
        """;

    [Fact]
    public void The_specifications_config_is_valid_and_read_in_its_order()
    {
        Assert.Empty(Validate(Specification));
        var config = Read(Specification.Replace("{{ .database.providerStatus.endpoint }}", "db.example.com", StringComparison.Ordinal));
        Assert.Equal("us-east-1", config.Region);
        Assert.Equal("myapp/prod/credentials", config.SecretName);
        Assert.Equal("alias/myapp-secrets", config.KmsKeyId);
        Assert.Equal(["username", "email", "db_host", "admin_password", "api_token"], config.Fields.Select(f => f.Name));
        Assert.Equal(new SecretField("db_host", "db.example.com", null), config.Fields[2]);
        Assert.Equal(new PasswordOptions(32, ExcludePunctuation: false, RequireEachIncludedType: true), config.Fields[3].Generator);
        Assert.Equal(new PasswordOptions(64, ExcludePunctuation: true), config.Fields[4].Generator);
        Assert.Equal((UpdatePolicy.IfNotExists, DeletionPolicy.Delete), (config.UpdatePolicy, config.DeletionPolicy));
    }

    [Fact]
    public void An_omitted_option_has_the_documented_default()
    {
        var config = Read("""{"secretName":"s","fields":{"a":{"value":""}}}""");
        Assert.Null(config.Region);
        Assert.Null(config.KmsKeyId);
        Assert.Null(config.Description);
        Assert.Empty(config.Tags);
        Assert.Equal(UpdatePolicy.IfNotExists, config.UpdatePolicy);
        Assert.Equal(DeletionPolicy.Delete, config.DeletionPolicy);
        Assert.Equal(30, config.RecoveryWindowInDays);
        Assert.Equal(TimeSpan.FromHours(1), config.RefreshInterval);
        Assert.False(config.Adopt);
        Assert.Equal("", config.Fields.Single().Value);
    }

    [Fact]
    public void Every_option_of_secret_push_is_read()
    {
        var config = Read("""
            {"secretName":"s","region":"us-gov-west-1","kmsKeyId":"alias/k","description":"d","tags":{"team":"a","empty":""},"adopt":true,
             "roleArn":"arn:aws-us-gov:iam::123456789012:role/path/secrets","externalId":"x-1","refreshInterval":"15m","recoveryWindowInDays":7,
             "updatePolicy":"AlwaysUpdate","deletionPolicy":"Retain",
             "fields":{"p":{"generator":{"passwordLength":8,"excludeCharacters":"/@\"","excludeNumbers":true,"excludePunctuation":false,
               "excludeUppercase":true,"excludeLowercase":false,"includeSpace":true,"requireEachIncludedType":false}}}}
            """);
        Assert.Equal(new PasswordOptions(8, "/@\"", true, false, true, false, true, false), config.Fields.Single().Generator);
        Assert.Equal(new Dictionary<string, string> { ["team"] = "a", ["empty"] = "" }, config.Tags);
        Assert.Equal(("us-gov-west-1", "alias/k", "d", true), (config.Region, config.KmsKeyId, config.Description, config.Adopt));
        Assert.Equal(("arn:aws-us-gov:iam::123456789012:role/path/secrets", "x-1"), (config.RoleArn, config.ExternalId));
        Assert.Equal((TimeSpan.FromMinutes(15), 7), (config.RefreshInterval, config.RecoveryWindowInDays));
        Assert.Equal((UpdatePolicy.AlwaysUpdate, DeletionPolicy.Retain), (config.UpdatePolicy, config.DeletionPolicy));
    }

    [Theory]
    // The specification's field validation errors.
    [InlineData("""{"both":{"value":"x","generator":{"passwordLength":8}}}""", "fields.both", "must have exactly one of value or generator: it has both")]
    [InlineData("""{"neither":{}}""", "fields.neither", "must have exactly one of value or generator: it has neither")]
    [InlineData("""{"p":{"generator":{"passwordLength":0}}}""", "fields.p.generator.passwordLength", "must be a whole number, 1-4096, not the number 0")]
    [InlineData("""{"p":{"generator":{"passwordLength":4097}}}""", "fields.p.generator.passwordLength", "must be a whole number, 1-4096, not the number 4097")]
    [InlineData("""{"p":{"generator":{}}}""", "fields.p.generator", "\"passwordLength\" is missing: it must be a whole number, 1-4096")]
    [InlineData("""{"p":{"generator":{"passwordLength":"32"}}}""", "fields.p.generator.passwordLength", "must be a whole number, 1-4096, not a string")]
    [InlineData("""{"p":{"generator":{"passwordLength":8.5}}}""", "fields.p.generator.passwordLength", "must be a whole number, 1-4096, not the number 8.5")]
    [InlineData("""{"x":{"value":"x","valueFrom":{"component":"db","output":"x"}}}""", "fields.x",
        "must have exactly one of value, generator or valueFrom: it has value and valueFrom")]
    [InlineData("""{"x":{"generator":{"passwordLength":8},"valueFrom":{"component":"db","output":"x"}}}""", "fields.x",
        "must have exactly one of value, generator or valueFrom: it has generator and valueFrom")]
    // Values that YAML does not read as strings without quotes.
    [InlineData("""{"port":{"value":5432}}""", "fields.port.value", "must be a string, not the number 5432: quote it as it was written")]
    [InlineData("""{"on":{"value":true}}""", "fields.on.value", "must be a string, not the boolean true: quote it as it was written")]
    [InlineData("""{"x":{"value":null}}""", "fields.x", "must have exactly one of value or generator: it has neither")]
    [InlineData("""{"x":{"value":{"a":1}}}""", "fields.x.value", "must be a string, not an object")]
    [InlineData("""{"x":"admin"}""", "fields.x", "must be an object, not a string")]
    [InlineData("""{"x":null}""", "fields.x", "has no value: it must be an object")]
    [InlineData("""{"x":{"generator":null}}""", "fields.x", "must have exactly one of value or generator: it has neither")]
    [InlineData("""{"x":{"value":null,"generator":{"passwordLength":0}}}""", "fields.x.generator.passwordLength",
        "must be a whole number, 1-4096, not the number 0")]
    [InlineData("{}", "fields", "is empty: a secret needs at least one field")]
    [InlineData("""{"":{"value":"x"}}""", "fields", "a field needs a name")]
    [InlineData("[]", "fields", "must be an object, not a list")]
    // Unknown keys.
    [InlineData("""{"x":{"vlaue":"a","value":"a"}}""", "fields.x.vlaue", "unknown key \"vlaue\"; did you mean \"value\"?")]
    [InlineData("""{"p":{"generator":{"passwordLength":8,"length":8}}}""", "fields.p.generator.length",
        "unknown key \"length\"; known are excludeCharacters, excludeLowercase, excludeNumbers, excludePunctuation, excludeUppercase, includeSpace, "
            + "passwordLength, requireEachIncludedType")]
    [InlineData("""{"p":{"generator":{"passwordLength":8,"excludePunctation":true}}}""", "fields.p.generator.excludePunctation",
        "unknown key \"excludePunctation\"; did you mean \"excludePunctuation\"?")]
    // Generator options.
    [InlineData("""{"p":{"generator":{"passwordLength":8,"includeSpace":"yes"}}}""", "fields.p.generator.includeSpace", "must be true or false, not a string")]
    [InlineData("""{"p":{"generator":{"passwordLength":3}}}""", "fields.p.generator.passwordLength",
        "3 is too short for one of each of 4 character types, which AWS requires unless told otherwise: "
            + "set requireEachIncludedType: false, or a longer length")]
    [InlineData("""{"p":{"generator":{"passwordLength":1,"excludeNumbers":true,"excludePunctuation":true}}}""", "fields.p.generator.passwordLength",
        "1 is too short for one of each of 2 character types, which AWS requires unless told otherwise: "
            + "set requireEachIncludedType: false, or a longer length")]
    [InlineData("""{"p":{"generator":{"passwordLength":8,"excludeNumbers":true,"excludePunctuation":true,"excludeLowercase":true,"excludeUppercase":true}}}""",
        "fields.p.generator", "excludes every character: leave one type in to generate from")]
    [InlineData("""{"p":{"generator":{"passwordLength":8,"excludeNumbers":true,"excludePunctuation":true,"excludeLowercase":"""
        + """true,"excludeUppercase":true,"includeSpace":true,"excludeCharacters":" "}}}""",
        "fields.p.generator", "excludes every character: leave one type in to generate from")]
    [InlineData("""{"p":{"generator":{"passwordLength":8,"excludeLetters":true}}}""", "fields.p.generator.excludeLetters",
        "unknown key \"excludeLetters\"; did you mean \"excludeNumbers\"?")]
    [InlineData("""{"p":{"generator":{"passwordLength":8,"excludeCharacters":"0123456789"}}}""", "fields.p.generator.excludeCharacters",
        "leaves no numbers, of which AWS requires one each: exclude the whole type, or set requireEachIncludedType: false")]
    public void An_invalid_field_is_reported_with_its_place_and_what_to_do(string fields, string path, string message)
    {
        var problem = Assert.Single(Validate($$"""{"secretName":"s","fields":{{fields}} }"""));
        Assert.Equal((path, message), (problem.Path, problem.Message));
    }

    [Theory]
    [InlineData("""{"passwordLength":1,"requireEachIncludedType":false}""")]
    [InlineData("""{"passwordLength":3,"requireEachIncludedType":false}""")]
    [InlineData("""{"passwordLength":3,"excludePunctuation":true}""")]
    [InlineData("""{"passwordLength":1,"excludePunctuation":true,"excludeNumbers":true,"excludeLowercase":true}""")]
    [InlineData("""{"passwordLength":4}""")]
    [InlineData("""{"passwordLength":4096}""")]
    [InlineData("""{"passwordLength":8,"excludeCharacters":""}""")]
    [InlineData("""{"passwordLength":8,"excludeCharacters":"0123456789","requireEachIncludedType":false}""")]
    [InlineData("""{"passwordLength":8,"excludeCharacters":"0123456789","excludeNumbers":true}""")]
    [InlineData("""{"passwordLength":8,"excludeNumbers":true,"excludePunctuation":true,"excludeLowercase":true,"excludeUppercase":true,"includeSpace":true}""")]
    public void A_generator_that_AWS_can_satisfy_is_accepted(string generator) =>
        Assert.Empty(Validate($$"""{"secretName":"s","fields":{"p":{"generator":{{generator}} } } }"""));

    [Theory]
    [InlineData("""{"secretname":"t"}""", "secretname", "unknown key \"secretname\"; did you mean \"secretName\"?")]
    [InlineData("""{"updatePolicy":"Always"}""", "updatePolicy", "must be IfNotExists or AlwaysUpdate, not \"Always\"")]
    [InlineData("""{"updatePolicy":"ifNotExists"}""", "updatePolicy",
        "must be IfNotExists or AlwaysUpdate, not \"ifNotExists\"; did you mean \"IfNotExists\"?")]
    [InlineData("""{"deletionPolicy":"Keep"}""", "deletionPolicy", "must be Delete or Retain, not \"Keep\"")]
    [InlineData("""{"refreshInterval":"soon"}""", "refreshInterval", "must be a duration such as 30m or 1h30m, not \"soon\"")]
    [InlineData("""{"refreshInterval":"14m59s","updatePolicy":"AlwaysUpdate"}""", "refreshInterval",
        "must be at least 15m with updatePolicy AlwaysUpdate: AWS keeps every version for a day, about 100 in all")]
    [InlineData("""{"recoveryWindowInDays":7.5}""", "recoveryWindowInDays", "must be a whole number of days, 7-30, or 0 to delete at once, not the number 7.5")]
    [InlineData("""{"recoveryWindowInDays":"7"}""", "recoveryWindowInDays", "must be a whole number of days, 7-30, or 0 to delete at once, not a string")]
    [InlineData("""{"recoveryWindowInDays":true}""", "recoveryWindowInDays",
        "must be a whole number of days, 7-30, or 0 to delete at once, not the boolean true")]
    [InlineData("""{"recoveryWindowInDays":99999999999}""", "recoveryWindowInDays",
        "must be a whole number of days, 7-30, or 0 to delete at once, not the number 99999999999")]
    [InlineData("""{"recoveryWindowInDays":6}""", "recoveryWindowInDays", "must be 7-30 days, or 0 to delete at once, not 6")]
    [InlineData("""{"recoveryWindowInDays":31}""", "recoveryWindowInDays", "must be 7-30 days, or 0 to delete at once, not 31")]
    [InlineData("""{"recoveryWindowInDays":-1}""", "recoveryWindowInDays", "must be 7-30 days, or 0 to delete at once, not -1")]
    [InlineData("""{"adopt":"true"}""", "adopt", "must be true or false, not a string")]
    [InlineData("""{"region":"US East"}""", "region", "must be an AWS region such as eu-west-1, not \"US East\"")]
    [InlineData("""{"roleArn":"secrets"}""", "roleArn", "must be an IAM role's ARN such as arn:aws:iam::123456789012:role/secrets, not \"secrets\"")]
    [InlineData("""{"roleArn":"arn:aws:iam::123456789012:role/*"}""", "roleArn",
        "must be an IAM role's ARN such as arn:aws:iam::123456789012:role/secrets, not \"arn:aws:iam::123456789012:role/*\"")]
    [InlineData("""{"roleArn":"arn:aws:iam::123456789012:role/a b"}""", "roleArn",
        "must be an IAM role's ARN such as arn:aws:iam::123456789012:role/secrets, not \"arn:aws:iam::123456789012:role/a b\"")]
    [InlineData("""{"externalId":"abc"}""", "externalId", "needs roleArn: set it, or remove externalId")]
    [InlineData("""{"roleArn":"arn:aws:iam::123456789012:role/a","externalId":"a b"}""", "externalId",
        "must have 2-1224 of the characters A-Z a-z 0-9 _ + = , . @ : / -")]
    [InlineData("""{"tags":{" AWS:x":"1"}}""", "tags. AWS:x", "a tag's key has 1-128 characters and does not begin with aws:")]
    [InlineData("""{"tags":{"deployment-orchestrator.io/owner ":"1"}}""", "tags.deployment-orchestrator.io/owner ",
        "is reserved: secret-push sets this tag on its own secrets")]
    [InlineData("""{"tags":{"aws:x":"1"}}""", "tags.aws:x", "a tag's key has 1-128 characters and does not begin with aws:")]
    [InlineData("""{"tags":{"a":1}}""", "tags.a", "must be a string, not the number 1: quote it as it was written")]
    [InlineData("""{"tags":{"Deployment-Orchestrator.io/owner":"me"}}""", "tags.Deployment-Orchestrator.io/owner",
        "is reserved: secret-push sets this tag on its own secrets")]
    [InlineData("""{"tags":{"deployment-orchestrator.io/owner":"me"}}""", "tags.deployment-orchestrator.io/owner",
        "is reserved: secret-push sets this tag on its own secrets")]
    public void An_invalid_option_is_reported_with_its_place_and_what_to_do(string options, string path, string message)
    {
        var config = JsonNode.Parse("""{"secretName":"s","fields":{"a":{"value":"x"}}}""")!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(options)!.AsObject())
            config[key] = value?.DeepClone();
        var problem = Assert.Single(SecretPushConfigReader.Validate(config));
        Assert.Equal((path, message), (problem.Path, problem.Message));
    }

    [Fact]
    public void All_problems_of_a_secret_push_config_are_reported_at_once()
    {
        var problems = Validate("""
            {"fields":{"a":{},"b":{"value":1},"c":{"generator":{"passwordLength":0}}},"updatePolicy":"x","deletionPolicy":"y","nope":1,"recoveryWindowInDays":3}
            """);
        Assert.Equal(
            ["", "deletionPolicy", "fields.a", "fields.b.value", "fields.c.generator.passwordLength", "nope", "recoveryWindowInDays", "updatePolicy"],
            problems.Select(p => p.Path).Order(StringComparer.Ordinal));
        Assert.Contains(problems, p => p.Message == "\"secretName\" is missing: it must be a string");
    }

    [Fact]
    public void A_config_without_required_keys_names_them() =>
        Assert.Equal("\"fields\" is missing: it must be an object", Assert.Single(Validate("""{"secretName":"s"}""")).ToString());

    [Fact]
    public void A_line_break_from_a_block_scalar_is_shown_with_what_to_do()
    {
        var config = Named("h/nl\n");
        config["region"] = "us-east-1\n";
        config["fields"] = new JsonObject { ["a"] = new JsonObject { ["value"] = "x" } };

        Assert.Equal(
            [
                "secretName: \"h/nl\\n\" is not a secret name: 1-512 of the characters A-Z a-z 0-9 / _ + = . @ -; it ends in a line break: in a "
                    + "YAML block, use |- instead of |",
                "region: must be an AWS region such as eu-west-1, not \"us-east-1\\n\"; it ends in a line break: in a YAML block, use |- instead of |",
            ],
            SecretPushConfigReader.Validate(config).Select(p => p.ToString()));
    }

    private static JsonObject Named(string name) => new() { ["secretName"] = name, ["fields"] = new JsonObject { ["a"] = new JsonObject { ["value"] = "x" } } };

    private static IReadOnlyList<Problem> Validate(string config) => SecretPushConfigReader.Validate(JsonNode.Parse(config)!.AsObject());

    private static SecretPushConfig Read(string config)
    {
        var problems = new List<Problem>();
        var read = SecretPushConfigReader.ReadResolved(JsonNode.Parse(config)!.AsObject(), problems);
        Assert.Empty(problems);
        return read!;
    }
}
