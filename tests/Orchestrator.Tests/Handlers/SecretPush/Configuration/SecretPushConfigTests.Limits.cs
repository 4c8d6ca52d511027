using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Configuration;

/// <summary>Limits of names, keys, tags and the secret.</summary>
public sealed partial class SecretPushConfigTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("myapp/prod/credentials", true)]
    [InlineData("A-Z_0+9=.@x", true)]
    [InlineData("", false)]
    [InlineData("has space", false)]
    [InlineData("naïve", false)]
    [InlineData("a!b", false)]
    [InlineData("line\n", false)]
    [InlineData("app-backups", true)]
    [InlineData("app-ab_cd1", true)]
    public void A_secretName_that_AWS_refuses_is_refused(string name, bool isValid)
    {
        var problems = SecretPushConfigReader.Validate(Named(name));
        Assert.Equal(isValid ? [] : ["secretName"], problems.Select(p => p.Path));
    }

    [Theory]
    [InlineData("app-secret")]
    [InlineData("prod/myapp-config")]
    [InlineData("db-passwd")]
    [InlineData("app-AbCdE1")]
    public void A_secretName_that_ends_like_an_ARN_is_accepted_with_a_warning(string name)
    {
        var problem = Assert.Single(SecretPushConfigReader.Validate(Named(name)));
        Assert.True(problem.IsWarning);
        Assert.Equal(
            $"secretName: \"{name}\" ends in a hyphen and six characters, as an ARN does: refer to it by its name or its full ARN, never by a partial one",
            problem.ToString());
        Assert.Equal(name, SecretPushConfigReader.ReadResolved(Named(name), new List<Problem>())?.SecretName);
    }

    [Theory]
    [InlineData("1234abcd-12ab-34cd-56ef-1234567890ab", true)]
    [InlineData("mrk-1234abcd12ab34cd56ef1234567890ab", true)]
    [InlineData("arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", true)]
    [InlineData("arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab", true)]
    [InlineData("alias/myapp-secrets", true)]
    [InlineData("alias/aws/secretsmanager", true)]
    [InlineData("arn:aws:kms:us-east-2:111122223333:alias/myapp", true)]
    [InlineData("my-key", false)]
    [InlineData("", false)]
    [InlineData("alias/", false)]
    [InlineData("alias/has space", false)]
    [InlineData("alias:myapp", false)]
    [InlineData("key/1234abcd-12ab-34cd-56ef-1234567890ab", false)]
    [InlineData("1234abcd-12ab-34cd-56ef-1234567890a", false)]
    [InlineData("arn:aws:kms:us-east-2:111122223333:1234abcd-12ab-34cd-56ef-1234567890ab", false)]
    [InlineData("arn:aws:kms:us-east-2:1111:alias/myapp", false)]
    [InlineData("arn:aws:iam::111122223333:role/myapp", false)]
    public void A_kms_key_is_an_id_an_alias_or_an_arn_of_either(string key, bool isValid)
    {
        var config = Named("s");
        config["kmsKeyId"] = key;
        Assert.Equal(isValid ? [] : ["kmsKeyId"], SecretPushConfigReader.Validate(config).Select(p => p.Path));
    }

    [Fact]
    public void A_kmsKeyId_that_may_be_an_alias_gets_a_suggestion_to_write_one()
    {
        var config = Named("s");
        config["kmsKeyId"] = "my-key";
        Assert.Equal(
            "kmsKeyId: \"my-key\" is not a KMS key: write a key id, a key's ARN, alias/my-key or an alias's ARN",
            Assert.Single(SecretPushConfigReader.Validate(config)).ToString());
    }

    [Fact]
    public void A_secretName_has_at_most_512_characters()
    {
        Assert.Empty(SecretPushConfigReader.Validate(Named(new('a', 512))));
        Assert.Equal("secretName", Assert.Single(SecretPushConfigReader.Validate(Named(new('a', 513)))).Path);
    }

    [Theory]
    [InlineData(65_536 - 8, true)]
    [InlineData(65_536 - 7, false)]
    public void A_secret_has_at_most_64_kibibytes(int valueBytes, bool fits)
    {
        // {"a":""} has 8 bytes.
        var config = Named("s");
        config["fields"] = new JsonObject { ["a"] = new JsonObject { ["value"] = new string('é', valueBytes / 2) + (valueBytes % 2 == 0 ? "" : "x") } };
        Assert.Equal(fits ? [] : ["fields: the secret would have up to 65537 bytes; AWS takes at most 65536"],
            SecretPushConfigReader.Validate(config).Select(p => p.ToString()));
    }

    // Each field is invalid, too: none of them was read.
    [Fact]
    public void Fields_whose_names_alone_are_too_large_are_not_read()
    {
        var config = Named("s");
        config["fields"] = new JsonObject(Enumerable.Range(0, 5_500).Select(i => KeyValuePair.Create($"field{i:D4}", (JsonNode?)new JsonObject())));

        Assert.Equal("fields: 5500 fields have at least 82501 bytes; AWS takes at most 65536: split the secret",
            Assert.Single(SecretPushConfigReader.Validate(config)).ToString());
    }

    // {"a1000":"","a1001":""} has 2 + 10 for each + a comma between.
    [Theory]
    [InlineData(5_957, 5_957)]
    [InlineData(5_958, 1)]
    public void As_many_fields_as_may_fit_are_read(int count, int problems)
    {
        var config = Named("s");
        config["fields"] = new JsonObject(Enumerable.Range(1_000, count).Select(i => KeyValuePair.Create($"a{i}", (JsonNode?)new JsonObject())));

        Assert.Equal(problems, SecretPushConfigReader.Validate(config).Count);
    }

    [Theory]
    [InlineData(16_382, true)]
    [InlineData(16_383, false)]
    public void A_character_beyond_the_basic_plane_counts_as_the_four_bytes_that_are_sent(int count, bool fits)
    {
        var config = Named("s");
        config["fields"] = new JsonObject { ["a"] = new JsonObject { ["value"] = string.Concat(Enumerable.Repeat("\U0001F600", count)) } };

        Assert.Equal(fits, SecretPushConfigReader.Validate(config).Count == 0);
    }

    [Fact]
    public void A_secret_that_is_too_large_is_reported_with_the_other_problems()
    {
        var config = Named("s");
        config["fields"] = new JsonObject { ["a"] = new JsonObject { ["value"] = new string('x', 70_000) } };
        config["nope"] = 1;
        Assert.Equal(["fields", "nope"], SecretPushConfigReader.Validate(config).Select(p => p.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_characters_that_may_need_an_escape_count_twice()
    {
        Assert.Empty(SecretPushConfigReader.Validate(Generated(15, "excludePunctuation")));
        Assert.Equal("fields", Assert.Single(SecretPushConfigReader.Validate(Generated(15, "includeSpace"))).Path);

        static JsonObject Generated(int count, string option)
        {
            var config = Named("s");
            config["fields"] = new JsonObject(Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"p{i}",
                (JsonNode?)new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 4096, [option] = true } })));
            return config;
        }
    }

    [Fact]
    public void Fifty_tags_are_one_of_ours_and_49_of_others()
    {
        Assert.Empty(SecretPushConfigReader.Validate(Tagged(49)));
        Assert.Equal("tags: AWS takes 50 tags, one of which is ours: 50 are too many", Assert.Single(SecretPushConfigReader.Validate(Tagged(50))).ToString());

        static JsonObject Tagged(int count)
        {
            var config = Named("s");
            config["tags"] = new JsonObject(Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"t{i}", (JsonNode?)"v")));
            return config;
        }
    }
}
