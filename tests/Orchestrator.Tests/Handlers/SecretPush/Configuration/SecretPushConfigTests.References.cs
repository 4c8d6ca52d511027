using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Configuration;

/// <summary>References, and options that a template leaves empty.</summary>
public sealed partial class SecretPushConfigTests
{
    [Theory]
    [InlineData("region", "")]
    [InlineData("region", null)]
    [InlineData("roleArn", "")]
    [InlineData("externalId", "")]
    [InlineData("kmsKeyId", null)]
    [InlineData("description", "")]
    [InlineData("tags", null)]
    [InlineData("updatePolicy", null)]
    [InlineData("recoveryWindowInDays", null)]
    [InlineData("adopt", null)]
    public void An_option_that_a_template_left_empty_counts_as_absent(string key, string? value)
    {
        var config = Named("s");
        config["fields"] = new JsonObject { ["a"] = new JsonObject { ["value"] = "x" } };
        config[key] = value;
        var problems = new List<Problem>();

        var read = SecretPushConfigReader.ReadResolved(config, problems)!;

        Assert.Empty(problems);
        Assert.Empty(SecretPushConfigReader.Validate(config));
        Assert.Equal((null, null, null, 0), (read.Region, read.RoleArn, read.KmsKeyId, read.Tags.Count));
    }

    [Theory]
    [InlineData("deletionPolicy", "")]
    [InlineData("deletionPolicy", null)]
    [InlineData("recreate", null)]
    [InlineData("recreate", "")]
    [InlineData("updatePolicy", "")]
    [InlineData("refreshInterval", "")]
    [InlineData("secretName", "")]
    public void An_option_that_decides_over_a_value_cannot_be_empty(string key, string? value)
    {
        var config = Named("s");
        config["fields"] = new JsonObject { ["a"] = new JsonObject { ["value"] = "x" } };
        config[key] = value;

        Assert.Equal(key, Assert.Single(SecretPushConfigReader.Validate(config)).Path);
    }

    [Fact]
    public void A_region_reference_that_resolves_to_nothing_does_not_mean_the_default()
    {
        var written = Named("s");
        written["fields"] = new JsonObject { ["a"] = new JsonObject { ["value"] = "x" } };
        var resolved = written.DeepClone().AsObject();
        (written["region"], resolved["region"]) = ("{{ .cfg.providerStatus.region }}", "");
        var problems = new List<Problem>();

        Assert.Null(SecretPushConfigReader.ReadResolved(resolved, problems, written));
        Assert.Equal("region: must be an AWS region such as eu-west-1, not \"\"", Assert.Single(problems).ToString());
    }

    [Fact]
    public void A_reference_is_accepted_in_any_place_and_validated_with_its_value()
    {
        const string Reference = "{{ .db.providerStatus.x }}";
        var config = JsonNode.Parse($$$"""
            {"region":"{{{Reference}}}","secretName":"{{{Reference}}}","kmsKeyId":"{{{Reference}}}","description":"{{{Reference}}}","tags":{"a":"{{{Reference}}}"},
             "adopt":"{{{Reference}}}","roleArn":"{{{Reference}}}","externalId":"{{{Reference}}}","refreshInterval":"{{{Reference}}}","recoveryWindowInDays":"{{{Reference}}}",
             "updatePolicy":"{{{Reference}}}","deletionPolicy":"{{{Reference}}}",
             "fields":{"whole":"{{{Reference}}}","value":{"value":"{{{Reference}}}"},"generator":{"generator":"{{{Reference}}}"},
               "object":{"valueFrom":{"component":"db","output":"x"} },"standing":{"value":{"$valueFrom":{"component":"db","output":"x"} } },
               "options":{"generator":{"passwordLength":"{{{Reference}}}","excludeCharacters":"{{{Reference}}}","excludeNumbers":"{{{Reference}}}" } } } }
            """)!.AsObject();
        Assert.Empty(SecretPushConfigReader.Validate(config));
        Assert.Empty(Validate($$$"""{"secretName":"s","fields":"{{{Reference}}}"}"""));

        var problems = new List<Problem>();
        Assert.Null(SecretPushConfigReader.ReadResolved(JsonNode.Parse("""
            {"secretName":"has space","updatePolicy":"Sometimes","fields":{"p":{"generator":{"passwordLength":9000}}}}
            """)!.AsObject(), problems));
        Assert.Equal(["fields.p.generator.passwordLength", "secretName", "updatePolicy"], problems.Select(p => p.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("5432", "5432")]
    [InlineData("1.50", "1.50")]
    [InlineData("true", "true")]
    [InlineData("""{"host":"a","port":1}""", """{"host":"a","port":1}""")]
    [InlineData("""["a",1]""", """["a",1]""")]
    [InlineData("\"text\"", "text")]
    public void The_value_of_a_lone_reference_becomes_the_text_of_its_field(string resolved, string text) =>
        Assert.Equal(text, Read($$"""{"secretName":"s","fields":{"a":{"value":{{resolved}} } } }""").Fields.Single().Value);

    [Fact]
    public void A_template_of_External_Secrets_Operator_is_a_value_like_any_other() =>
        Assert.Equal("{{ .username }}", Read("""{"secretName":"s","fields":{"a":{"value":"{{ .username }}"}}}""").Fields.Single().Value);
}
