using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;
using static DeploymentOrchestrator.Tests.Controllers.Compositions.PushedCompositions;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>The fate of the secret when a child of a Composition is deleted, orphaned or removed from the entries.</summary>
public sealed class RemovedChildTests
{
    [Fact]
    public async Task Children_that_an_orphaning_deletion_left_are_adopted_again_and_foreign_ones_are_not()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Plain, Fresh);
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var (plain, versions) = ((await cluster.Component("one-plain")).Metadata.Uid, await Versions(cluster));
        await cluster.Store.Delete(ResourceType.Composition, new("default", "one"), new(null, DeletePropagation.Orphan), TestContext.Current.CancellationToken);
        await cluster.Advance(TimeSpan.FromSeconds(2));
        await cluster.Put(NewResource.ConfigMap("default", "owner"));
        var owner = (await cluster.Store.Get(ResourceType.ConfigMap, new("default", "owner"), TestContext.Current.CancellationToken))!;
        var taken = (await cluster.Store.Get(ResourceType.Component, new("default", "one-fresh"), TestContext.Current.CancellationToken))!;
        taken["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["name"] = "owner",
            ["uid"] = (string)owner["metadata"]!["uid"]!,
            ["controller"] = true,
        });
        await cluster.Store.Replace(taken, TestContext.Current.CancellationToken);

        await PutComposition(cluster, "one", Plain, Fresh);
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var composition = await cluster.Composition("one");
        Assert.Equal(plain, (await cluster.Component("one-plain")).Metadata.Uid);
        Assert.Equal(composition.Metadata.Uid, (await cluster.Component("one-plain")).Metadata.Controller()?.Uid);
        Assert.Equal("ConfigMap", (await cluster.Component("one-fresh")).Metadata.Controller()?.Kind);
        Assert.Contains("a Component \"one-fresh\" that is not this Composition's has the name", composition.Status!.Message, StringComparison.Ordinal);
        Assert.Equal(versions, await Versions(cluster));
    }

    [Theory]
    [InlineData("""{"secretName":"NS/other","fields":{"p":{"generator":{"passwordLength":20}}}}""", true)]
    [InlineData("""{"secretName":"NS/plain","region":"eu-west-1","fields":{"p":{"generator":{"passwordLength":20}}}}""", true)]
    [InlineData("""{"secretName":"NS/plain","fields":{"p":{"generator":{"passwordLength":20}},"q":{"value":"x"}}}""", false)]
    public async Task A_child_deleted_by_hand_leaves_the_secret_that_its_entry_still_wants(string config, bool isDeleted)
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Plain);
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var versions = await Versions(cluster);
        // Both happen before a controller sees either.
        cluster.Kill();
        await cluster.WhenQuiet();
        await cluster.Delete("one-plain");
        await PutComposition(cluster, "one", $$"""{"name":"plain","type":"secret-push","config":{{config}}}""");
        await cluster.Restart();
        await cluster.Advance(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(1));
        Assert.Equal(isDeleted, (await Versions(cluster))
            .Any(v => v.StartsWith("one/plain", StringComparison.Ordinal) && v.EndsWith("going", StringComparison.Ordinal)));
        if (!isDeleted)
        {
            Assert.Equal(versions, await Versions(cluster));
            Assert.Contains("one-plain: SecretLeft: left one/plain in place: the entry plain of Composition default/one still wants it", cluster.EventTexts);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_without_its_owner_reference_is_adopted_again_by_its_labels_or_else_can_be_deleted(bool isUnlabelled)
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Plain);
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var (uid, versions) = ((await cluster.Component("one-plain")).Metadata.Uid, await Versions(cluster));
        var child = (await cluster.Store.Get(ResourceType.Component, new("default", "one-plain"), TestContext.Current.CancellationToken))!;
        child["metadata"]!.AsObject().Remove("ownerReferences");
        if (isUnlabelled)
            child["metadata"]!.AsObject().Remove("labels");
        await cluster.Store.Replace(child, TestContext.Current.CancellationToken);
        await cluster.Advance(TimeSpan.FromSeconds(2));
        if (isUnlabelled)
        {
            Assert.Contains("rename the entry, or delete that Component", (await cluster.Composition("one")).Status!.Message, StringComparison.Ordinal);
            await cluster.Delete("one-plain");
            await cluster.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(isUnlabelled, uid != (await cluster.Component("one-plain")).Metadata.Uid);
        Assert.NotNull((await cluster.Component("one-plain")).Metadata.Controller());
        Assert.Equal(Phase.Ready, (await cluster.Composition("one")).Status!.Phase);
        Assert.Equal(versions, await Versions(cluster));
    }

    [Fact]
    public async Task The_secret_of_a_child_deleted_just_before_its_Composition_is_deleted()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Plain);
        await cluster.Advance(TimeSpan.FromSeconds(2));
        await cluster.Delete("one-plain");
        await cluster.Advance(TimeSpan.FromSeconds(1));
        await cluster.Delete("one", ResourceType.Composition);
        await cluster.Advance(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(1));
        Assert.EndsWith("going", Assert.Single(await Versions(cluster)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_entry_releases_its_secret_and_gets_new_values_when_added_back()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Plain, Fresh);
        await cluster.Advance(TimeSpan.FromSeconds(2));
        await PutComposition(cluster, "one", Fresh);
        await cluster.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains(await Versions(cluster), v => v.StartsWith("one/plain", StringComparison.Ordinal) && v.EndsWith("going", StringComparison.Ordinal));
        await PutComposition(cluster, "one", Plain, Fresh);
        await cluster.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("one-plain: SecretRestored", cluster.Events);
        Assert.Contains("one-plain: SecretUpdated", cluster.Events);
    }
}
