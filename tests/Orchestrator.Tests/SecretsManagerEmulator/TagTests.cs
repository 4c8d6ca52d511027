namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

/// <summary>As on AWS: DescribeSecret and ListSecrets return an empty list of tags once the last one is removed, and no list if there never was a
/// tag.</summary>
public sealed class TagTests : EmulatorTest
{
    [Fact]
    public async Task A_secret_that_was_never_tagged_has_no_Tags()
    {
        (await Create("a")).Ok();

        Assert.Null((await Describe("a")).Ok()["Tags"]);
        Assert.Null((await Listed())["Tags"]);
    }

    [Fact]
    public async Task A_secret_whose_last_tag_was_taken_off_has_an_empty_list()
    {
        (await Create("a")).Ok();
        (await Client.Call("TagResource", new { SecretId = "a", Tags = new[] { new { Key = "team", Value = "one" } } })).Ok();

        (await Client.Call("UntagResource", new { SecretId = "a", TagKeys = new[] { "team" } })).Ok();

        Assert.Equal("[]", (await Describe("a")).Ok()["Tags"]!.ToJsonString());
        Assert.Equal("[]", (await Listed())["Tags"]!.ToJsonString());
    }

    private async Task<System.Text.Json.Nodes.JsonNode> Listed() => (await Client.Call("ListSecrets", new { })).Ok()["SecretList"]![0]!;
}
