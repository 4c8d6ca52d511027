using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Tests.Resources;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Configuration;

/// <summary>The deletion of a Component whose config cannot be read as a whole.</summary>
public sealed class DeletionTermsTests
{
    private const string Unresolvable = "\"secretName\":\"{{ .cfg.providerStatus.name }}\"";

    [Theory]
    [InlineData("\"deletionPolicy\":\"Retain\"", "Delete 7", "Retain 30")]
    [InlineData("\"deletionPolicy\":\"Retain\",\"recoveryWindowInDays\":14", "Delete 0", "Retain 14")]
    [InlineData("\"recoveryWindowInDays\":30", "Delete 0", "Delete 30")]
    [InlineData("\"recoveryWindowInDays\":7", "Delete 30", "Delete 7")]
    [InlineData("\"recoveryWindowInDays\":0", "Delete 30", "Delete 0")]
    [InlineData("\"deletionPolicy\":\"Delete\"", "Retain 30", "Delete 30")]
    // For an unreadable key the safer of the last applied value and the default counts.
    [InlineData("", "Delete 0", "Delete 30")]
    [InlineData("", "Retain 7", "Retain 30")]
    [InlineData("", "", "Retain 30")]
    [InlineData("\"recoveryWindowInDays\":60", "Delete 0", "Delete 30")]
    [InlineData("\"recoveryWindowInDays\":3", "Delete 0", "Delete 30")]
    [InlineData("\"recoveryWindowInDays\":-1", "Delete 0", "Delete 30")]
    [InlineData("\"recoveryWindowInDays\":\"30\"", "Delete 0", "Delete 30")]
    [InlineData("\"recoveryWindowInDays\":\"{{ .cfg.providerStatus.days }}\"", "Delete 0", "Delete 30")]
    [InlineData("\"deletionPolicy\":\"{{ .cfg.providerStatus.policy }}\"", "Retain 7", "Retain 30")]
    [InlineData("\"deletionPolicy\":\"{{ .cfg.providerStatus.policy }}\"", "Delete 7", "Delete 30")]
    [InlineData("\"deletionPolicy\":null", "Retain 7", "Retain 30")]
    [InlineData("\"deletionPolicy\":true", "Retain 7", "Retain 30")]
    [InlineData("\"deletionPolicy\":\"delete\"", "Retain 7", "Retain 30")]
    [InlineData("\"deletionPolicy\":\"retain\"", "Delete 7", "Retain 30")]
    [InlineData("\"deletionPolicy\":\"Retian\"", "Delete 7", "Retain 30")]
    public void Each_key_of_a_config_that_is_not_valid_is_read_on_its_own(string written, string applied, string terms)
    {
        foreach (var trouble in (string[])[Unresolvable, "\"secretName\":\"no name\"", "\"fields\":[]", "\"unknown\":1"])
        {
            var config = Config($"{{{trouble}{(written.Length > 0 ? "," : "")}{written}}}");
            var problems = new List<Problem>();
            Assert.Null(SecretPushConfigReader.ReadResolved(config, problems));
            Assert.Equal(terms, Terms(config, null, applied));
        }
    }

    [Fact]
    public void A_valid_config_is_used_unchanged()
    {
        var config = new SecretPushConfig { SecretName = Name, Fields = [] };
        Assert.Equal("Delete 30", Terms(Config(), config, "Retain 7"));
    }

    // tests/field/retain-beside-lost-reference
    [Theory]
    [InlineData("deletionPolicy", "\"Retain\"", false)]
    [InlineData("recoveryWindowInDays", "30", true)]
    public async Task An_edit_counts_though_a_reference_can_no_longer_be_resolved(string key, string value, bool isScheduled)
    {
        await using var push = await StartAsync();
        var config = Config($$"""{{{Unresolvable}},"recoveryWindowInDays":0}""");
        await Names(push);
        await push.Put((JsonObject)config.DeepClone());
        Assert.True(await push.IsThere());
        await push.Delete("cfg");
        config[key] = JsonNode.Parse(value);
        Assert.Equal("waits for \"cfg\", which does not exist in the namespace", (await push.Put((JsonObject)config.DeepClone())).Status!.Message);

        await push.Delete();
        Assert.False(await push.Exists());
        var secret = (await push.Describe()).Ok();
        if (isScheduled)
            Assert.Equal(push.Cluster.Time.GetUtcNow().AddDays(30), secret.Time("DeletedDate"));
        else
            Assert.Null(secret["DeletedDate"]);
        Assert.Equal($"app-credentials: {(isScheduled ? "SecretDeleted" : "SecretLeft")}", push.Cluster.Events[^1]);
    }

    // The policy is itself a reference, which resolves; the reference in the name does not.
    [Fact]
    public async Task A_policy_that_is_a_reference_counts_though_another_reference_cannot_be_resolved()
    {
        await using var push = await StartAsync();
        await Names(push);
        await push.Put(Config($"{{{Unresolvable}}}"));
        await push.Cluster.Put(ConfigMap("policies", "policy", "Retain"));
        await Reader(push, "policies", "policy");
        await push.Put(
            Config($$$"""{{{{Unresolvable.Replace("cfg", "gone", StringComparison.Ordinal)}}},"deletionPolicy":"{{ .policies.providerStatus.policy }}"}"""));
        await push.Delete();
        Assert.False(await push.Exists());
        Assert.True(await push.IsThere());
    }

    [Fact]
    public async Task Retain_in_an_entry_counts_though_the_Composition_is_invalid_elsewhere()
    {
        await using var push = await StartAsync();
        await push.Cluster.Put(Composition("{}"));
        await push.Cluster.WhenQuiet();
        Assert.True(await push.IsThere());
        await push.Cluster.Put(Composition("""{"deletionPolicy":"Retain","tpyo":1}"""));
        await push.Cluster.WhenQuiet();
        await push.Delete("shop-creds");
        Assert.True(await push.IsThere());
        Assert.Contains("shop-creds: SecretLeft", push.Cluster.Events);
    }

    private static async Task Names(PushedSecret push)
    {
        await push.Cluster.Put(ConfigMap("cfg", "name", Name));
        await Reader(push, "cfg", "name");
    }

    private static async Task Reader(PushedSecret push, string name, string key)
    {
        await push.Cluster.PutComponent(name, JsonNode.Parse($$"""{"sources":[{"name":"{{name}}","exports":[{"key":"{{key}}"}]}]}""")!.AsObject(),
            "config-reader");
        await push.Cluster.WhenQuiet();
    }

    private static JsonObject ConfigMap(string name, string key, string value) => NewResource.ConfigMap("default", name, (key, value));

    private static JsonObject Composition(string options) =>
        NewResource.Composition("default", "shop", new JsonObject { ["name"] = "creds", ["type"] = "secret-push", ["config"] = Config(options) });

    private static string Terms(JsonObject config, SecretPushConfig? valid, string last)
    {
        var terms = last.Split(' ') is [var policy, var days]
            ? DeletionTerms.Of(config, valid, Enum.Parse<DeletionPolicy>(policy), int.Parse(days, null))
            : DeletionTerms.Of(config, valid, null, null);
        return $"{terms.Policy} {terms.RecoveryWindowInDays}";
    }
}
