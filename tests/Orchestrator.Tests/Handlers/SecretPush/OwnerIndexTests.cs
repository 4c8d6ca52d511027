using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>The index finds the same as a full search, without one.</summary>
public sealed class OwnerIndexTests
{
    private const string Arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:s-AbCdEf";

    private static readonly Component Me = Component("me", "secret-push", """{"secretName":"s"}""", null, isTerminating: false);
    private static readonly SecretTarget[] Targets = [new("s", "us-east-1"), new("s", "us-east-1", Arn), new("t", "us-east-1"), new("s", "eu-west-1")];

    [Fact]
    public void The_index_answers_as_a_search_of_everything_does()
    {
        var asked = 0;
        foreach (var other in Others())
        {
            foreach (var target in Targets)
            {
                var (walked, indexed) = (Walked(other), Indexed(other));
                var owner = walked.Owner(other);
                Assert.Equal(walked.OtherNaming(target, Me, "us-east-1"), indexed.OtherNaming(target, Me, "us-east-1"));
                Assert.Equal(walked.HolderByState(target, Me, "us-east-1"), indexed.HolderByState(target, Me, "us-east-1"));
                foreach (var digest in new[] { owner.OwnerDigest, owner.Former[0].OwnerDigest, walked.Owner(Me).OwnerDigest, "unknown" })
                {
                    Assert.Equal(walked.Holder(target, digest, "us-east-1"), indexed.Holder(target, digest, "us-east-1"));
                    Assert.Equal(Observed.IsGone(walked, digest, target, "us-east-1"), Observed.IsGone(indexed, digest, target, "us-east-1"));
                    var mark = new OwnerMark(digest, null, null);
                    Assert.Equal(walked.MayInherit(Me, mark), indexed.MayInherit(Me, mark));
                    asked++;
                }
            }
        }

        Assert.InRange(asked, 1_000, 10_000);
    }

    [Theory]
    [InlineData("""{"secretName":"s"}""")]
    [InlineData("""{"secretName":"t"}""")]
    [InlineData("""{"secretName":"{{ .names.providerStatus.name }}"}""")]
    [InlineData("{}")]
    public void An_entry_that_wants_the_secret_is_found_by_the_index_too(string config)
    {
        var names = Component("app-names", "config-reader", "{}", """{"name":"s"}""", isTerminating: false);
        var composition = new Composition
        {
            Metadata = new() { Namespace = "default", Name = "app", Uid = "app" },
            Spec = new()
            {
                Components = [new() { Name = "names", Type = "config-reader" },
                    new() { Name = "creds", Type = "secret-push", Config = JsonNode.Parse(config)!.AsObject() }],
            },
        };
        var (walked, indexed) = (Walked([names, Me], composition), Indexed([names, Me], composition));
        foreach (var target in Targets)
        {
            var child = walked.Owner(Component("app-creds", "secret-push", "{}", null, isTerminating: false)).OwnerDigest;
            Assert.Equal(walked.EntryNaming(target, Me, "us-east-1")?.Entry, indexed.EntryNaming(target, Me, "us-east-1")?.Entry);
            Assert.Equal(walked.IsWanted(target, child, "us-east-1"), indexed.IsWanted(target, child, "us-east-1"));
        }
    }

    [Fact]
    public void A_deleted_object_leaves_nothing_in_the_index()
    {
        var index = new OwnerIndex(["new", "old"], _ => null, _ => null);
        for (var i = 0; i < 100; i++)
        {
            var key = new ObjectKey("default", $"c{i}");
            index.Note(key, Component(key.Name, "secret-push", $$"""{"secretName":"s{{i % 3}}"}""", null, isTerminating: false));
            index.Note(key, Component(key.Name, "secret-push", """{"secretName":"renamed"}""", null, isTerminating: true));
            Assert.Equal(1, index.Count);
            index.Note(key, (Component?)null);
        }

        Assert.Equal(0, index.Count);
        Assert.Empty(index.Naming("renamed"));
    }

    private static IEnumerable<Component> Others() =>
        from handler in new[] { "secret-push", "manifest" }
        from isTerminating in new[] { false, true }
        from config in new[]
        {
            """{"secretName":"s"}""", """{"secretName":"t"}""", """{"secretName":"s","region":"eu-west-1"}""", """{"secretName":"{{ .a.providerStatus.b }}"}""",
            """{"secretName":{"$valueFrom":{"component":"a","output":"b"}}}""", "{}", """{"secretName":5}""",
        }
        from outputs in new[] { null, """{"secretName":"s","region":"us-east-1"}""", $$"""{"secretName":"s","secretArn":"{{Arn}}"}""" }
        select Component("other", handler, config, outputs, isTerminating);

    private static OwnerDirectory Walked(params Component[] others) => Walked([Me, .. others], null);

    private static OwnerDirectory Walked(Component[] components, Composition? composition) => new(
        "new", seesAll: true, () => components, ["old"], new(() => composition is null ? [] : [composition], () => components));

    private static OwnerDirectory Indexed(params Component[] others) => Indexed([Me, .. others], null);

    private static OwnerDirectory Indexed(Component[] components, Composition? composition)
    {
        Component? Find(ObjectKey key) => Array.Find(components, c => ObjectKey.Of(c.Metadata) == key);
        Composition? FindComposition(ObjectKey key) => composition is not null && ObjectKey.Of(composition.Metadata) == key ? composition : null;
        var index = new OwnerIndex(["new", "old"], Find, FindComposition);
        foreach (var component in components)
            index.Note(ObjectKey.Of(component.Metadata), component);
        if (composition is not null)
            index.Note(ObjectKey.Of(composition.Metadata), composition);
        static InvalidOperationException Through() => new("everything is looked through");
        return new(
            "new", seesAll: true, () => throw Through(), ["old"], new(() => throw Through(), () => throw Through(), FindComposition, Find), index: index);
    }

    private static Component Component(string name, string handler, string config, string? outputs, bool isTerminating) => new()
    {
        Metadata = new() { Namespace = "default", Name = name, Uid = name, DeletionTimestamp = isTerminating ? DateTimeOffset.UnixEpoch : null },
        Spec = new() { Handler = handler, Config = JsonNode.Parse(config)!.AsObject() },
        Status = outputs is null ? null : new() { ProviderStatus = JsonNode.Parse(outputs)!.AsObject() },
    };
}
