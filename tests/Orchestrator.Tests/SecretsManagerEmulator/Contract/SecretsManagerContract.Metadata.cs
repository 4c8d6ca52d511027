namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator.Contract;

public abstract partial class SecretsManagerContract
{
    [Fact]
    public async Task Case33_An_existing_tag_gets_the_new_value_at_its_old_position()
    {
        Case(33);
        var (name, _) = await Created();
        (await Tag(name, ("a", "1"))).Ok();
        var answered = (await Tag(name, ("a", "2"), ("b", "3"))).Ok();
        Assert.Empty(answered.Json);
        Assert.Equal([("a", "2"), ("b", "3")], Tags((await Describe(name)).Ok()["Tags"]));
        Assert.Empty((await Client.Call("UntagResource", new { SecretId = name, TagKeys = new[] { "a", "none" } })).Ok().Json);
        Assert.Equal([("b", "3")], Tags((await Describe(name)).Ok()["Tags"]));
    }

    [Fact]
    public async Task Case34_Reserved_tag_keys_and_more_than_50_tags_are_refused()
    {
        Case(34);
        var (name, _) = await Created();
        (await Tag(name, ("aws:x", "1"))).Refused($"{InvalidParameter}|{LimitExceeded}");
        (await Tag(name, [.. Enumerable.Range(1, 51).Select(i => ($"k{i}", ""))])).Refused($"{InvalidParameter}|{LimitExceeded}");
        Assert.Null((await Describe(name)).Ok()["Tags"]);
        (await Tag(name, [.. Enumerable.Range(1, 50).Select(i => ($"k{i}", ""))])).Ok();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public async Task Case41_A_page_has_1_to_100_secrets(int size)
    {
        Case(41);
        (await Client.Call("ListSecrets", new { MaxResults = size })).Refused($"{Validation}|{InvalidParameter}");
    }

    [Fact]
    public async Task Case41_A_made_up_page_token_is_refused()
    {
        Case(41);
        (await Client.Call("ListSecrets", new { NextToken = "nonsense" })).Refused("InvalidNextTokenException");
        var (name, _) = await Created();
        (await Client.Call("ListSecretVersionIds", new { SecretId = name, NextToken = "nonsense" })).Refused("InvalidNextTokenException");
    }

    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    public async Task Case41_Pages_cover_every_secret_once_even_where_others_come_and_go(string order)
    {
        Case(41);
        var prefix = NewName();
        var names = Enumerable.Range(0, 5).Select(i => $"{prefix}/{i}").ToList();
        foreach (var name in names)
            (await Create(name, "a")).Ok();
        List<string> seen = [];
        string? token = null;
        do
        {
            var page = (await Client.Call("ListSecrets", new
            {
                MaxResults = 2,
                NextToken = token,
                SortBy = "name",
                SortOrder = order,
                Filters = new[] { new { Key = "name", Values = new[] { prefix } } },
            })).Ok();
            seen.AddRange(page["SecretList"]!.AsArray().Select(secret => (string)secret!["Name"]!));
            token = (string?)page["NextToken"];
            if (seen.Count == 2)
            {
                // Neither a new secret before the page just read nor the deletion of its last secret may shift the next page.
                (await Create(order == "asc" ? $"{prefix}/+" : $"{prefix}/9", "a")).Ok();
                (await Delete(seen[^1])).Ok();
            }
        }
        while (token is not null);
        Assert.Equal(order == "asc" ? names : Enumerable.Reverse(names), seen);
    }

    [Fact]
    public async Task Case57_List_filters_are_joined_by_and_their_values_by_or_and_an_exclamation_mark_negates()
    {
        Case(57);
        var prefix = NewName();
        foreach (var (suffix, tag) in ((string, string)[])[("one", "x"), ("two", "x"), ("three", "y")])
        {
            (await Create($"{prefix}/{suffix}", "a")).Ok();
            (await Tag($"{prefix}/{suffix}", ("kind", tag))).Ok();
        }
        Assert.Equal(["one", "two"], await Names(("name", [prefix]), ("tag-value", ["x"])));
        Assert.Equal(["one", "three"], await Names(("name", [$"{prefix}/one", $"{prefix}/three"])));
        Assert.Equal(["three", "two"], await Names(("name", [prefix]), ("name", [$"!{prefix}/one"])));
        Assert.Empty(await Names(("name", [prefix.ToUpperInvariant()])));

        async Task<string[]> Names(params (string Key, string[] Values)[] filters)
        {
            var listed = await Client.Call("ListSecrets", new { Filters = filters.Select(filter => new { filter.Key, filter.Values }) });
            return [.. listed.Ok()["SecretList"]!.AsArray()
                .Select(secret => ((string)secret!["Name"]!)[(prefix.Length + 1)..]).Order(StringComparer.Ordinal)];
        }
    }

    [Fact]
    public async Task Case58_A_secret_is_found_by_name_by_ARN_and_by_ARN_without_the_suffix()
    {
        Case(58);
        var name = $"{NewName()}/found";
        var arn = (await Create(name, "a")).Ok().Arn;
        Assert.Equal(arn, (await Describe(name)).Ok().Arn);
        Assert.Equal(arn, (await Describe(arn)).Ok().Arn);
        Assert.Equal(arn, (await Describe(arn[..^7])).Ok().Arn);
        (await Describe($"{arn[..^7]}-zzzzzz")).Refused(NotFound, NoSuchSecret);
    }

    [Fact]
    public async Task Case59_Regions_have_secrets_of_their_own()
    {
        Case(59);
        var (name, _) = await Created();
        (await OtherRegion.Call("DescribeSecret", new { SecretId = name })).Refused(NotFound, NoSuchSecret);
        var other = await OtherRegion.Call("CreateSecret", new { Name = name, SecretString = "b", ClientRequestToken = NewToken() });
        Assert.StartsWith("arn:aws:secretsmanager:eu-west-1:", other.Ok().Arn, StringComparison.Ordinal);
        Assert.Equal("a", (await Get(name)).Ok().Text("SecretString"));
    }

    [Fact]
    public async Task Case60_Batch_get_returns_values_and_an_error_for_each_secret_that_it_could_not_read()
    {
        Case(60);
        var (one, _) = await Created("1");
        var (two, _) = await Created("2");
        var missing = NewName();
        var batch = (await Client.Call("BatchGetSecretValue", new { SecretIdList = new[] { one, missing, two } })).Ok();
        Assert.Equal(["1", "2"], batch["SecretValues"]!.AsArray().Select(value => (string)value!["SecretString"]!).Order());
        var error = Assert.Single(batch["Errors"]!.AsArray())!;
        Assert.Equal((missing, NotFound), ((string)error["SecretId"]!, (string)error["ErrorCode"]!));
        (await Client.Call("BatchGetSecretValue")).Refused(InvalidParameter);
        (await Client.Call("BatchGetSecretValue", new { SecretIdList = new[] { one }, MaxResults = 1 })).Refused(InvalidParameter);
    }

    [Fact]
    public async Task Case60_Batch_get_by_filter_comes_in_pages_and_leaves_out_what_is_scheduled_for_deletion()
    {
        Case(60);
        var prefix = NewName();
        foreach (var i in Enumerable.Range(1, 4))
            (await Create($"{prefix}/{i}", $"v{i}")).Ok();
        (await Delete($"{prefix}/4")).Ok();
        var first = await Page(null);
        var second = await Page(first.Text("NextToken"));
        Assert.Null(second["NextToken"]);
        Assert.Equal(
            ["v1", "v2", "v3"],
            ((Answer[])[first, second]).SelectMany(page => page["SecretValues"]!.AsArray())
                .Select(value => (string)value!["SecretString"]!).Order(StringComparer.Ordinal));

        async Task<Answer> Page(string? token) => (await Client.Call("BatchGetSecretValue", new
        {
            Filters = new[] { new { Key = "name", Values = new[] { prefix } } },
            MaxResults = 2,
            NextToken = token,
        })).Ok();
    }

    [Fact]
    public async Task Case51_Get_records_the_date_of_access_on_the_secret_and_the_version()
    {
        Case(51);
        var (name, version) = await Created();
        Assert.Null((await Describe(name)).Ok()["LastAccessedDate"]);
        var read = (await Get(name)).Ok();
        var accessed = (await Describe(name)).Ok().Time("LastAccessedDate");
        Assert.Equal(TimeSpan.Zero, accessed.UtcDateTime.TimeOfDay);
        Assert.InRange(read.Date - accessed, TimeSpan.Zero, TimeSpan.FromDays(1));
        var listed = (await Client.Call("ListSecretVersionIds", new { SecretId = name })).Ok();
        var entry = Assert.Single(listed["Versions"]!.AsArray())!;
        Assert.Equal(version, (string)entry["VersionId"]!);
        Assert.Equal(accessed.ToUnixTimeSeconds(), entry["LastAccessedDate"]!.GetValue<double>());
        Assert.Equal("DefaultEncryptionKey", (string)Assert.Single(entry["KmsKeyIds"]!.AsArray())!);
    }
}
