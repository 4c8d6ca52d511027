namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator.Contract;

public abstract partial class SecretsManagerContract
{
    [Fact]
    public async Task Case16_A_missing_secret_is_HTTP_400()
    {
        Case(16);
        var answer = (await Get(NewName())).Refused(NotFound, NoSuchSecret);
        Assert.Equal(400, answer.Status);
    }

    [Fact]
    public async Task Case17_A_label_that_no_version_has_is_not_found()
    {
        Case(17);
        var (name, _) = await Created();
        (await Client.Call("GetSecretValue", new { SecretId = name, VersionStage = "AWSPREVIOUS" }))
            .Refused(NotFound, "staging label: AWSPREVIOUS");
    }

    [Fact]
    public async Task Case18_Put_makes_the_new_version_current_and_the_old_one_previous()
    {
        Case(18);
        var (name, old) = await Created();
        var put = (await Put(name, "b")).Ok();
        Assert.Equal(["AWSCURRENT"], put.Texts("VersionStages"));
        var stages = (await Describe(name)).Ok().Stages();
        Assert.Equal(new() { [old] = "AWSPREVIOUS", [put.Text("VersionId")] = "AWSCURRENT" }, stages);
    }

    [Fact]
    public async Task Case19_Put_repeated_with_token_and_value_changes_nothing()
    {
        Case(19);
        var (name, _) = await Created();
        var token = NewToken();
        (await Put(name, "b", token)).Ok();
        var before = (await Describe(name)).Ok();
        await PassTime(TimeSpan.FromSeconds(1));
        (await Put(name, "b", token)).Ok();
        var after = (await Describe(name)).Ok();
        Assert.Equal(before.Time("LastChangedDate"), after.Time("LastChangedDate"));
        Assert.Equal(before.Stages(), after.Stages());
    }

    [Fact]
    public async Task Case20_Put_repeated_with_the_token_and_another_value_is_refused()
    {
        Case(20);
        var (name, token) = await Created();
        (await Put(name, "b", token)).Refused(Exists, $"You can't use ClientRequestToken {token} because");
        Assert.Equal("a", (await Get(name)).Ok().Text("SecretString"));
    }

    [Fact]
    public async Task Case21_The_same_value_under_a_new_token_is_a_new_version()
    {
        Case(21);
        var (name, first) = await Created("a");
        var second = await PutVersion(name, "a");
        Assert.NotEqual(first, second);
        Assert.Equal(2, (await AllVersions(name)).Count);
    }

    [Fact]
    public async Task Case22_Put_under_AWSPENDING_leaves_the_current_version_alone()
    {
        Case(22);
        var (name, current) = await Created("a");
        var pending = await PutVersion(name, "b", "AWSPENDING");
        Assert.Equal(new() { [current] = "AWSCURRENT", [pending] = "AWSPENDING" }, (await Describe(name)).Ok().Stages());
        Assert.Equal("a", (await Get(name)).Ok().Text("SecretString"));
    }

    [Fact]
    public async Task Case23_A_secret_has_at_most_20_labels()
    {
        Case(23);
        var (name, _) = await Created();
        var version = await PutVersion(name, "b", [.. Enumerable.Range(1, 19).Select(i => $"label{i}")]);
        (await Put(name, "c", null, "label20")).Refused(LimitExceeded);
        (await MoveStage(name, "label20", to: version)).Refused(LimitExceeded);
        Assert.Equal(2, (await AllVersions(name)).Count);
        (await MoveStage(name, "label1", from: version)).Ok();
        (await MoveStage(name, "label20", to: version)).Ok();
    }

    [Fact]
    public async Task Case24_Moving_AWSCURRENT_counts_at_once_and_a_promoted_version_keeps_AWSPENDING()
    {
        Case(24);
        var (name, one) = await Created("a");
        var two = await PutVersion(name, "b", "AWSPENDING");
        (await MoveStage(name, "AWSCURRENT", from: one, to: two)).Ok();
        Assert.Equal("b", (await Get(name)).Ok().Text("SecretString"));
        Assert.Equal(
            new() { [one] = "AWSPREVIOUS", [two] = "AWSCURRENT,AWSPENDING" }, (await Describe(name)).Ok().Stages());
    }

    [Fact]
    public async Task Case25_A_version_that_loses_its_last_label_is_deprecated_and_hidden()
    {
        Case(25);
        var (name, one) = await Created("a");
        var two = await PutVersion(name, "b", "AWSPENDING");
        (await MoveStage(name, "AWSCURRENT", from: one, to: two)).Ok();
        var three = await PutVersion(name, "c", "AWSPENDING");
        (await MoveStage(name, "AWSCURRENT", from: two, to: three)).Ok();
        Assert.Equal(
            new() { [two] = "AWSPREVIOUS", [three] = "AWSCURRENT,AWSPENDING" }, (await Describe(name)).Ok().Stages());
        var listed = (await Client.Call("ListSecretVersionIds", new { SecretId = name })).Ok();
        Assert.DoesNotContain(listed["Versions"]!.AsArray(), version => (string)version!["VersionId"]! == one);
        Assert.Empty((await AllVersions(name))[one]);
    }

    [Fact]
    public async Task Case26_Moving_a_label_requires_the_version_that_has_it()
    {
        Case(26);
        var (name, one) = await Created("a");
        var two = await PutVersion(name, "b");
        (await MoveStage(name, "mine", to: one)).Ok();
        (await MoveStage(name, "mine", to: two)).Refused(
            InvalidParameter, $"Staging label mine is currently attached to version {one}, so you must explicitly reference that version");
        (await MoveStage(name, "mine", from: two, to: two)).Refused(InvalidParameter);
        (await MoveStage(name, "mine", from: two)).Refused(InvalidParameter);
        Assert.Equal("AWSPREVIOUS,mine", (await Describe(name)).Ok().Stages()[one]);
        (await MoveStage(name, "mine", from: one, to: two)).Ok();
        Assert.Equal("AWSCURRENT,mine", (await Describe(name)).Ok().Stages()[two]);
    }

    [Fact]
    public async Task Case26_AWSCURRENT_is_moved_but_never_removed()
    {
        Case(26);
        var (name, version) = await Created();
        (await MoveStage(name, "AWSCURRENT", from: version)).Refused(
            InvalidParameter, "You can only move staging label AWSCURRENT to a different secret version.");
        Assert.Equal("a", (await Get(name)).Ok().Text("SecretString"));
    }

    [Fact]
    public async Task Case27_A_label_removed_leaves_its_version()
    {
        Case(27);
        var (name, _) = await Created("a");
        var pending = await PutVersion(name, "b", "AWSPENDING");
        (await MoveStage(name, "AWSPENDING", from: pending)).Ok();
        Assert.DoesNotContain(pending, (await Describe(name)).Ok().Stages().Keys);
        Assert.Empty((await AllVersions(name))[pending]);
        var read = (await Client.Call("GetSecretValue", new { SecretId = name, VersionId = pending })).Ok();
        Assert.Equal("b", read.Text("SecretString"));
    }

    [Fact]
    public async Task Case28_A_label_does_not_move_to_a_missing_version()
    {
        Case(28);
        var (name, version) = await Created();
        (await MoveStage(name, "AWSCURRENT", from: version, to: NewToken())).Refused($"{NotFound}|{InvalidParameter}");
        Assert.Equal(new() { [version] = "AWSCURRENT" }, (await Describe(name)).Ok().Stages());
    }

    [Fact]
    public async Task Case29_Update_of_metadata_alone_makes_no_version()
    {
        Case(29);
        var (name, version) = await Created();
        var before = (await Describe(name)).Ok();
        await PassTime(TimeSpan.FromSeconds(1));
        var updated = await Client.Call(
            "UpdateSecret", new { SecretId = name, Description = "d", KmsKeyId = "alias/k", ClientRequestToken = NewToken() });
        Assert.Null(updated.Ok()["VersionId"]);
        var after = (await Describe(name)).Ok();
        Assert.Equal("d", after.Text("Description"));
        Assert.Equal("alias/k", after.Text("KmsKeyId"));
        Assert.Equal([version], (await AllVersions(name)).Keys);
        Assert.True(after.Time("LastChangedDate") > before.Time("LastChangedDate"));
    }

    [Fact]
    public async Task Case30_Update_with_the_same_value_under_a_new_token_makes_a_version()
    {
        Case(30);
        var (name, old) = await Created("a");
        var before = (await Describe(name)).Ok();
        await PassTime(TimeSpan.FromSeconds(1));
        var token = NewToken();
        Assert.Equal(token, (await Update(name, "a", token)).Ok().Text("VersionId"));
        var after = (await Describe(name)).Ok();
        Assert.Equal(new() { [old] = "AWSPREVIOUS", [token] = "AWSCURRENT" }, after.Stages());
        Assert.True(after.Time("LastChangedDate") > before.Time("LastChangedDate"));
    }

    [Fact]
    public async Task Case31_Update_repeated_with_token_and_value_succeeds_and_with_another_value_is_refused()
    {
        Case(31);
        var (name, token) = await Created("a");
        Assert.Equal(token, (await Update(name, "a", token)).Ok().Text("VersionId"));
        (await Update(name, "b", token)).Refused(Exists, $"You can't use ClientRequestToken {token} because");
        Assert.Single(await AllVersions(name));
    }

    [Fact]
    public async Task Case65_Another_key_encrypts_the_staged_versions_again_and_an_empty_one_is_the_default()
    {
        Case(65);
        var (name, _) = await Created();
        Assert.Equal("DefaultEncryptionKey", await KeyOfTheOnlyVersion());
        (await Client.Call("UpdateSecret", new { SecretId = name, KmsKeyId = "alias/k", ClientRequestToken = NewToken() })).Ok();
        Assert.Equal("alias/k", await KeyOfTheOnlyVersion());
        (await Client.Call("UpdateSecret", new { SecretId = name, KmsKeyId = "", ClientRequestToken = NewToken() })).Ok();
        Assert.Equal("DefaultEncryptionKey", await KeyOfTheOnlyVersion());
        Assert.Null((await Describe(name)).Ok()["KmsKeyId"]);

        async Task<string> KeyOfTheOnlyVersion()
        {
            var listed = (await Client.Call("ListSecretVersionIds", new { SecretId = name })).Ok();
            return (string)Assert.Single(Assert.Single(listed["Versions"]!.AsArray())!["KmsKeyIds"]!.AsArray())!;
        }
    }

    [Fact]
    public async Task Case66_Get_reads_the_version_asked_for_and_refuses_a_label_that_is_not_its_own()
    {
        Case(66);
        var (name, old) = await Created("a");
        var current = await PutVersion(name, "b");
        var read = (await Client.Call("GetSecretValue", new { SecretId = name, VersionId = old, VersionStage = "AWSPREVIOUS" })).Ok();
        Assert.Equal(("a", old), (read.Text("SecretString"), read.Text("VersionId")));
        (await Client.Call("GetSecretValue", new { SecretId = name, VersionId = current, VersionStage = "AWSPREVIOUS" }))
            .Refused(InvalidRequest, "You provided a VersionStage that is not associated to the provided VersionId.");
        (await Client.Call("GetSecretValue", new { SecretId = name, VersionId = NewToken() }))
            .Refused(NotFound, "can't find the specified secret value for VersionId");
    }

    [Fact]
    public async Task Case32_An_empty_description_is_none()
    {
        Case(32);
        var name = NewName();
        (await Client.Call("CreateSecret", new { Name = name, Description = "d", ClientRequestToken = NewToken() })).Ok();
        Assert.Equal("d", (await Describe(name)).Ok().Text("Description"));
        (await Client.Call("UpdateSecret", new { SecretId = name, Description = "", ClientRequestToken = NewToken() })).Ok();
        Assert.Null((await Describe(name)).Ok()["Description"]);
    }
}
