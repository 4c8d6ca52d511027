using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>The specification's statements about a secret-push Component, on both controllers and an embedded Secrets Manager.</summary>
public sealed partial class SecretPushTests
{
    private const string Always = """{"updatePolicy":"AlwaysUpdate"}""";

    [Fact]
    public async Task The_status_of_secret_push_is_the_specifications_word_for_word()
    {
        await using var push = await StartAsync();
        var component = await push.Put(Config());

        var status = component.Status!;
        Assert.Equal("Ready", status.Phase);
        Assert.Equal(component.Metadata.Generation, status.ObservedGeneration);
        Assert.Equal(
            ["SecretsGenerated=True Generated: Generated passwords via AWS GetRandomPassword",
                "SecretPushed=True Pushed: Pushed to AWS Secrets Manager",
                "Ready=True Ready: secret myapp/prod/credentials is in AWS Secrets Manager in us-east-1"],
            status.Conditions!.Select(c => $"{c.Type}={c.Status} {c.Reason}: {c.Message}"));
        var outputs = status.ProviderStatus!;
        Assert.Equal(["secretArn", "secretName", "secretPath", "versionId", "region", "lastSyncTime", "fieldCount"], outputs.Select(o => o.Key));
        Assert.Equal((await push.Describe()).Arn, (string?)outputs["secretArn"]);
        Assert.Equal(Name, (string?)outputs["secretName"]);
        Assert.Equal(Name, (string?)outputs["secretPath"]);
        Assert.Equal(await push.VersionId(), (string?)outputs["versionId"]);
        Assert.Equal("us-east-1", (string?)outputs["region"]);
        Assert.Equal("2026-01-01T00:00:00Z", (string?)outputs["lastSyncTime"]);
        Assert.Equal(2, (int?)outputs["fieldCount"]);
        Assert.Equal(["app-credentials: SecretCreated"], push.Cluster.Events);
        Assert.Equal("test-cluster/default/app-credentials", (await push.Tags())[SecretOwner.TagKey]);
    }

    [Theory]
    [InlineData("""{"region":""}""", "region: is empty, and the secret is in eu-west-1")]
    [InlineData("""{"region":null}""", "region: is empty, and the secret is in eu-west-1")]
    [InlineData("""{"region":"eu-west-1","deletionPolicy":null}""", "deletionPolicy: has no value")]
    public async Task A_key_that_became_empty_moves_no_secret(string options, string problem)
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"region":"eu-west-1"}"""));
        var value = (await push.Value(region: "eu-west-1")).ToJsonString();

        var component = await push.Put(Config(options));

        Assert.Equal("Failed", component.Status!.Phase);
        Assert.StartsWith(problem, component.Status.Message, StringComparison.Ordinal);
        Assert.Equal((value, false), ((await push.Value(region: "eu-west-1")).ToJsonString(), await push.IsThere(region: "us-east-1")));
    }

    [Fact]
    public async Task The_value_is_flat_json_of_static_and_generated_fields_in_their_order()
    {
        await using var push = await StartAsync();
        var config = Config();
        config["fields"] = JsonNode.Parse("""
            {"username":{"value":"admin"},"quoted":{"value":"a\"b\\c\nd — ü"},"empty":{"value":""},
             "all":{"generator":{"passwordLength":64}},
             "letters":{"generator":{"passwordLength":200,"excludePunctuation":true,"excludeNumbers":true,"excludeUppercase":true,"includeSpace":true}},
             "digit":{"generator":{"passwordLength":1,"requireEachIncludedType":false,"excludePunctuation":true,"excludeLowercase":true,"excludeUppercase":true}},
             "without":{"generator":{"passwordLength":4096,"excludeCharacters":"/@\"\\"}}}
            """);
        var component = await push.Put(config);

        var value = await push.Value();
        Assert.Equal(["username", "quoted", "empty", "all", "letters", "digit", "without"], value.Select(f => f.Key));
        Assert.Equal(("admin", "a\"b\\c\nd — ü", ""), ((string?)value["username"], (string?)value["quoted"], (string?)value["empty"]));
        var all = (string)value["all"]!;
        Assert.Equal(64, all.Length);
        Assert.True(all.Any(char.IsAsciiLetterLower) && all.Any(char.IsAsciiLetterUpper) && all.Any(char.IsAsciiDigit) && all.Any(char.IsAscii), all);
        Assert.Contains(all, c => !char.IsAsciiLetterOrDigit(c));
        Assert.All((string)value["letters"]!, c => Assert.True(c is ' ' or (>= 'a' and <= 'z')));
        Assert.Matches("^[0-9]$", (string)value["digit"]!);
        Assert.Equal(4096, ((string)value["without"]!).Length);
        Assert.Equal(-1, ((string)value["without"]!).AsSpan().IndexOfAny("/@\"\\ "));
        Assert.Equal(7, (int?)component.Status!.ProviderStatus!["fieldCount"]);
        Assert.Equal(4, push.Cluster.Calls("GetRandomPassword"));
    }

    [Fact]
    public async Task A_secret_without_generators_calls_no_GetRandomPassword()
    {
        await using var push = await StartAsync();
        var config = Config();
        config["fields"] = new JsonObject { ["a"] = new JsonObject { ["value"] = "b" } };
        var generated = (await push.Put(config)).Status!.Condition("SecretsGenerated")!;
        Assert.Equal(("True", "NothingToGenerate"), (generated.Status, generated.Reason));
        Assert.Equal(0, push.Cluster.Calls("GetRandomPassword"));
    }

    [Fact]
    public async Task The_value_of_a_lone_reference_is_the_text_of_its_field()
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"description":"first"}"""), "first");
        var config = Config("""{"secretName":"second"}""");
        config["fields"] =
            JsonNode.Parse("""{"count":{"value":"{{ .first.providerStatus.fieldCount }}"},"name":{"value":"x-{{ .first.providerStatus.secretName }}"}}""");
        Assert.Equal("Ready", (await push.Put(config, "second")).Status!.Phase);
        Assert.Equal("""{"count":"2","name":"x-myapp/prod/credentials"}""", (await push.Value("second")).ToJsonString());
    }

    [Fact]
    public async Task An_invalid_config_is_reported_and_AWS_is_not_called()
    {
        await using var push = await StartAsync();
        var component = await push.Put(Config("""{"updatePolicy":"x","unknown":1}"""));
        Assert.Equal("Failed", component.Status!.Phase);
        Assert.Contains("updatePolicy", component.Status.Condition(Condition.Ready)!.Message!, StringComparison.Ordinal);
        Assert.Contains("unknown", component.Status.Condition(Condition.Ready)!.Message!, StringComparison.Ordinal);
        Assert.Empty(push.Cluster.SecretsManager.Calls.Snapshot());
    }

    [Fact]
    public async Task An_edit_of_a_field_under_IfNotExists_changes_nothing_and_the_status_says_so()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        var component = await push.Put(Config(username: "root"));
        Assert.Equal(
            "fields changed after the secret was written, and IfNotExists leaves its value: set updatePolicy: AlwaysUpdate, or delete and recreate the "
                + "Component",
            component.Status!.Message);
        Assert.Equal("Ready", component.Status.Phase);
        Assert.Equal("admin", (string?)(await push.Value())["username"]);
        await push.LoseStatus();
        Assert.Equal(component.Status.Message, (await push.Cluster.Component("app-credentials")).Status!.Message);
        Assert.StartsWith("secret myapp", (await push.Put(Config())).Status!.Message, StringComparison.Ordinal);
        Assert.Equal(1, await push.Versions());
    }

    [Fact]
    public async Task Key_description_and_tags_follow_without_a_new_version()
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"kmsKeyId":"alias/one","description":"one","tags":{"a":"1","b":"1"} }"""));
        await push.Aws("TagResource", new { SecretId = Name, Tags = new[] { new { Key = "theirs", Value = "x" } } });
        await push.Put(Config("""{"kmsKeyId":"alias/two","description":"two","tags":{"a":"2","c":"3"} }"""));

        var secret = await push.Describe();
        Assert.Equal(("alias/two", "two"), (secret.Text("KmsKeyId"), secret.Text("Description")));
        Assert.Equal(
            new Dictionary<string, string> { ["a"] = "2", ["c"] = "3", ["theirs"] = "x", [SecretOwner.TagKey] = "test-cluster/default/app-credentials" },
            await push.Tags());

        // A setting removed from the config is no longer managed; another client's change of it stays.
        await push.Aws("UpdateSecret", new { SecretId = Name, Description = "theirs", ClientRequestToken = Guid.Empty.ToString() });
        await push.Put(Config("""{"tags":{"a":"2"} }"""));
        secret = await push.Describe();
        Assert.Equal(("alias/two", "theirs"), (secret.Text("KmsKeyId"), secret.Text("Description")));
        Assert.Equal(1, await push.Versions());
        Assert.Equal(1, push.Cluster.Calls("GetRandomPassword"));
    }

    [Fact]
    public async Task A_version_that_another_client_wrote_is_shown_as_drift_until_ours_is_current_again()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        await push.Aws("PutSecretValue", new { SecretId = Name, SecretString = "theirs", ClientRequestToken = Guid.Empty.ToString() });
        await push.Put(Config("""{"updatePolicy":"AlwaysUpdate","tags":{"look":"again"} }"""));
        var drifted = (await push.Cluster.Component("app-credentials")).Status!;
        Assert.Equal(("Ready", "True"), (drifted.Phase, drifted.Condition("Drifted")?.Status));
        Assert.Contains(Guid.Empty.ToString(), drifted.Condition("Drifted")!.Message!, StringComparison.Ordinal);

        var updated = (await push.Advance(TimeSpan.FromHours(1))).Status!;
        Assert.Null(updated.Condition("Drifted"));
        Assert.Equal(await push.VersionId(), (string?)updated.ProviderStatus!["versionId"]);
    }

    [Fact]
    public async Task A_secret_that_was_deleted_for_good_is_created_again_with_an_event()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        await push.Advance(TimeSpan.FromMinutes(30));
        var before = (await push.Describe()).Arn;
        await push.Aws("DeleteSecret", new { SecretId = Name, ForceDeleteWithoutRecovery = true });
        var component = await push.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal("Ready", component.Status!.Phase);
        Assert.NotEqual(before, (string?)component.Status.ProviderStatus!["secretArn"]);
        Assert.Equal(2, push.Cluster.Calls("GetRandomPassword"));
        Assert.Equal(1, push.Cluster.Calls("GetCallerIdentity"));
        Assert.Contains("it was created before, and another client deleted it: every generated value is new", push.Cluster.EventTexts[^1],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_AWS_does_not_show_right_after_our_write_does_not_count_as_deleted()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        await push.Aws("DeleteSecret", new { SecretId = Name, ForceDeleteWithoutRecovery = true });
        await push.Annotate("look");
        Assert.Equal(1, push.Cluster.Calls("CreateSecret"));
        for (var i = 0; i < 25; i++)
            await push.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, push.Cluster.Calls("CreateSecret"));
        Assert.Equal("Ready", (await push.Cluster.Component("app-credentials")).Status!.Phase);
    }

    [Theory]
    [InlineData("{}", 1)]
    [InlineData(Always, 2)]
    public async Task A_secret_scheduled_for_deletion_by_another_client_is_restored(string options, int versions)
    {
        await using var push = await StartAsync();
        await push.Put(Config(options));
        var version = await push.VersionId();
        await push.Advance(TimeSpan.FromMinutes(10));
        await push.Aws("DeleteSecret", new { SecretId = Name });
        await push.Annotate("look");
        Assert.True(await push.IsThere());
        Assert.Equal(versions, await push.Versions());
        Assert.Equal(versions == 1, version == await push.VersionId());
        Assert.Contains("app-credentials: SecretRestored", push.Cluster.Events);
    }
}
