using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.SecretsManager;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>The state stored in AWS. The golden values are in users' version ids: changing one rotates or disowns their secrets.</summary>
public sealed class VersionTokenTests
{
    private static readonly SecretOwner Owner = new("6a1b2c3d-0000-4000-8000-000000000001", "myapp", "app-credentials");

    private static readonly SecretField[] Fields =
    [
        new("username", "admin", null),
        new("password", null, new PasswordOptions(32, "/@\"", ExcludePunctuation: true, RequireEachIncludedType: true)),
    ];

    [Fact]
    public void The_digests_of_a_version_token_never_change()
    {
        Assert.Equal("2huizmvbpop76hpvuyuw", Owner.OwnerDigest);
        Assert.Equal("2huizmvb", Owner.ClusterDigest);
        Assert.Equal("6a1b2c3d-0000-4000-8000-000000000001/myapp/app-credentials", Owner.TagValue);
        Assert.Equal("r4jkj7cb", VersionToken.UidDigest("0c7a1a52-5d0c-4a4c-8f9e-0d1c9a3b7e11"));
        Assert.Equal("krb3mp6yw3aq", FieldsDigest.Of(Fields));
        Assert.Equal("7lg546v7d2wfwmas", ShortDigest.Of(16, "a", "b"));
    }

    [Fact]
    public void A_version_token_has_sixty_characters_that_AWS_accepts()
    {
        var token = new VersionToken(Owner.OwnerDigest, VersionToken.UidDigest("u"), FieldsDigest.Of(Fields), 1_767_225_600, 7).ToString();
        Assert.Matches(@"^do1-[a-z2-7]{20}-[a-z2-7]{8}-[a-z2-7]{12}-1767225600-07$", token);
        Assert.Equal(60, token.Length);
    }

    [Fact]
    public void A_version_token_with_its_namespace_has_the_most_characters_that_AWS_accepts()
    {
        var token = new VersionToken(Owner.OwnerDigest, VersionToken.UidDigest("u"), FieldsDigest.Of(Fields), 1_767_225_600, 7, Owner.NamespaceDigest);
        Assert.Matches(@"^do2-[a-z2-7]{31}[a-z2-7]{8}[a-z2-7]{12}buvloia07$", token.ToString());
        Assert.Equal((64, token), (token.ToString().Length, VersionToken.Parse(token.ToString())));
        Assert.NotEqual(Owner.NamespaceDigest, (Owner with { Namespace = "other" }).NamespaceDigest);
        Assert.NotEqual(Owner.NamespaceDigest, (Owner with { ClusterId = "other" }).NamespaceDigest);
        Assert.Equal(Owner.NamespaceDigest, (Owner with { Name = "other" }).NamespaceDigest);
    }

    [Fact]
    public void A_version_token_of_an_earlier_build_is_read_and_written_as_it_was()
    {
        var id = $"do1-{Owner.OwnerDigest}{Owner.NamespaceDigest[..4]}-bbbbbbbb-cccccccccccc-1767225600-00";
        var token = VersionToken.Parse(id)!;
        Assert.Equal((id, 1_767_225_600), (token.ToString(), token.Occasion));
        Assert.True(Owner.IsOf(token));
        Assert.False((Owner with { Namespace = "other" }).IsOf(token));
    }

    [Property]
    public Property It_reads_what_it_wrote() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonNull<string>>().Generator.Three().ToArbitrary(),
        Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(0, 99)).ToArbitrary(),
        (names, numbers) =>
        {
            var owner = new SecretOwner(names.Item1.Get, names.Item2.Get, names.Item3.Get);
            var token =
                new VersionToken(owner.OwnerDigest, VersionToken.UidDigest(names.Item2.Get), ShortDigest.Of(12, names.Item3.Get), numbers.Item1, numbers.Item2);
            Assert.Equal(token, VersionToken.Parse(token.ToString()));
            Assert.Equal(60, token.ToString().Length);
            token = token with { Namespace = owner.NamespaceDigest };
            Assert.Equal(token, VersionToken.Parse(token.ToString()));
            Assert.Equal(64, token.ToString().Length);
            Assert.StartsWith(owner.ClusterDigest, token.Owner, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0c7a1a52-5d0c-4a4c-8f9e-0d1c9a3b7e11")]
    [InlineData("do2-aaaaaaaaaaaaaaaaaaaa-bbbbbbbb-cccccccccccc-1767225600-00")]
    [InlineData("do1-aaaaaaaaaaaaaaaaaaaa-bbbbbbbb-cccccccccccc-1767225600-0x")]
    [InlineData("do1-aaaaaaaaaaaaaaaaaaa1-bbbbbbbb-cccccccccccc-1767225600-00")]
    [InlineData("do1-aaaaaaaaaaaaaaaaaaaa-bbbbbbbb-cccccccccccc-1767225600-00\n")]
    [InlineData("xdo1-aaaaaaaaaaaaaaaaaaaa-bbbbbbbb-cccccccccccc-1767225600-00")]
    [InlineData("do1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbb-cccccccccccc-1767225600-00")]
    [InlineData("do2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbccccccccccccaaaaaaa0x")]
    [InlineData("do2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbccccccccccccaaaaaaa00\n")]
    [InlineData("do2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbcccccccccccc1767225600-00")]
    [InlineData("do1m-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void A_version_id_of_another_owner_is_not_read_as_a_token(string? versionId) => Assert.Null(VersionToken.Parse(versionId));

    [Fact]
    public void The_owner_digest_differs_with_every_part_of_the_owner() =>
        Assert.Equal(5, new[]
        {
            Owner.OwnerDigest, (Owner with { ClusterId = "other" }).OwnerDigest, (Owner with { Namespace = "other" }).OwnerDigest,
            (Owner with { Name = "other" }).OwnerDigest, new SecretOwner(Owner.ClusterId, "mya", "ppapp-credentials").OwnerDigest,
        }.Distinct().Count());

    [Fact]
    public void A_long_owner_still_fits_a_tag()
    {
        var owner = new SecretOwner("6a1b2c3d-0000-4000-8000-000000000001", new('n', 63), new('x', 253));
        Assert.Equal($"{owner.ClusterId}/{owner.OwnerDigest}", owner.TagValue);
        Assert.InRange(owner.TagValue.Length, 1, 256);
    }

    [Fact]
    public void The_input_digest_ignores_the_order_of_fields_and_nothing_else()
    {
        Assert.Equal(FieldsDigest.Of(Fields), FieldsDigest.Of([.. Fields.Reverse()]));
        var password = Fields[1].Generator!;
        SecretField[] others =
        [
            Fields[1] with { Name = "passwort" },
            new("password", "", null),
            new("password", "generator,32,True,True,,,,,/@\"", null),
            Fields[1] with { Generator = password with { PasswordLength = 33 } },
            Fields[1] with { Generator = password with { ExcludeCharacters = "/@" } },
            Fields[1] with { Generator = password with { ExcludeNumbers = true } },
            Fields[1] with { Generator = password with { ExcludePunctuation = false } },
            Fields[1] with { Generator = password with { ExcludeUppercase = true } },
            Fields[1] with { Generator = password with { ExcludeLowercase = true } },
            Fields[1] with { Generator = password with { IncludeSpace = true } },
            Fields[1] with { Generator = password with { RequireEachIncludedType = null } },
        ];
        Assert.Equal(others.Length + 2, others.Select(o => FieldsDigest.Of([Fields[0], o])).Append(FieldsDigest.Of(Fields))
            .Append(FieldsDigest.Of([Fields[0]])).Distinct().Count());
    }

    [Fact]
    public void The_state_in_the_status_is_read_as_it_was_written()
    {
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var applied = new SecretState
        {
            Inputs = "aaaaaaaaaaaa",
            VersionId = "do1-aaaaaaaaaaaaaaaaaaaa-bbbbbbbb-cccccccccccc-1767225600-00",
            FieldCount = 2,
            WrittenAt = at,
            UpdatePolicy = UpdatePolicy.AlwaysUpdate,
            DeletionPolicy = DeletionPolicy.Retain,
            RecoveryWindowInDays = 0,
            RequestedAt = "now",
            Slot = at,
            Budget = at,
            Pending = new("token", at, NotWritten: true),
            Sent = new("key", "text", new Dictionary<string, string> { ["a"] = "b" }),
            Denied = ["secretsmanager:TagResource"],
            Targets = [new("n", "us-east-1", "arn:aws:secretsmanager:us-east-1:123456789012:secret:n-AbCdEf", "role", "id", at)],
        };
        var json = applied.ToJson();
        Assert.Equal(json.ToJsonString(), SecretState.Read((JsonObject)JsonNode.Parse(json.ToJsonString())!).ToJson().ToJsonString());
        Assert.Equal("123456789012", applied.Targets[0].Account);
        Assert.Equal("AlwaysUpdate", (string?)json["updatePolicy"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"inputs":5}""")]
    [InlineData("""{"updatePolicy":"Sometimes"}""")]
    public void A_malformed_state_is_empty(string json) =>
        Assert.Equal("""{"targets":[]}""", SecretState.Read(JsonNode.Parse(json)!.AsObject()).ToJson().ToJsonString());
}
