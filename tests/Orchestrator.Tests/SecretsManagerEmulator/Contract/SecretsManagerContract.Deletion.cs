namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator.Contract;

public abstract partial class SecretsManagerContract
{
    [Theory]
    [InlineData(7, 7)]
    [InlineData(30, 30)]
    [InlineData(null, 30)]
    public async Task Case35_Delete_schedules_and_the_secret_can_still_be_described(int? window, int days)
    {
        Case(35);
        var (name, version) = await Created();
        var deleted = (await Delete(name, window)).Ok();
        Assert.InRange(
            deleted.Time("DeletionDate") - deleted.Date, TimeSpan.FromDays(days) - Tolerance, TimeSpan.FromDays(days) + Tolerance);
        var described = (await Describe(name)).Ok();
        Assert.Equal(deleted.Time("DeletionDate"), described.Time("DeletedDate"));
        Assert.Equal(new() { [version] = "AWSCURRENT" }, described.Stages());
    }

    [Theory]
    [InlineData(6, null)]
    [InlineData(31, null)]
    [InlineData(0, null)]
    [InlineData(7, true)]
    public async Task Case36_A_window_outside_7_to_30_or_beside_force_is_refused(int window, bool? force)
    {
        Case(36);
        var (name, _) = await Created();
        (await Delete(name, window, force)).Refused(InvalidParameter);
        Assert.Null((await Describe(name)).Ok()["DeletedDate"]);
        Assert.Equal("a", (await Get(name)).Ok().Text("SecretString"));
    }

    [Theory]
    [InlineData("GetSecretValue")]
    [InlineData("PutSecretValue")]
    [InlineData("UpdateSecret")]
    [InlineData("TagResource")]
    [InlineData("UntagResource")]
    [InlineData("UpdateSecretVersionStage")]
    [InlineData("GetResourcePolicy")]
    [InlineData("RotateSecret")]
    public async Task Case37_A_scheduled_secret_refuses_everything_but_describe_and_list(string operation)
    {
        Case(37);
        var (name, version) = await Created();
        (await Delete(name)).Ok();
        object parameters = operation switch
        {
            "PutSecretValue" or "UpdateSecret" => new { SecretId = name, SecretString = "b", ClientRequestToken = NewToken() },
            "TagResource" => new { SecretId = name, Tags = new[] { new { Key = "a", Value = "1" } } },
            "UntagResource" => new { SecretId = name, TagKeys = new[] { "a" } },
            "UpdateSecretVersionStage" => new { SecretId = name, VersionStage = "mine", MoveToVersionId = version },
            "RotateSecret" => new { SecretId = name, ClientRequestToken = NewToken() },
            _ => new { SecretId = name },
        };
        (await Client.Call(operation, parameters)).Refused(InvalidRequest, MarkedForDeletion);
    }

    [Fact]
    public async Task Case38_The_name_of_a_scheduled_secret_is_taken_even_for_a_repeated_create()
    {
        Case(38);
        const string Scheduled = "You can't create this secret because a secret with this name is already scheduled for deletion.";
        var (name, token) = await Created("a");
        (await Delete(name)).Ok();
        (await Create(name, "b")).Refused(InvalidRequest, Scheduled);
        (await Create(name, "a", token)).Refused(InvalidRequest, Scheduled);
        (await Client.Call("RestoreSecret", new { SecretId = name })).Ok();
        Assert.Equal("a", (await Get(name)).Ok().Text("SecretString"));
    }

    [Fact]
    public async Task Case39_Lists_hide_a_scheduled_secret_unless_asked_and_force_deletes_it()
    {
        Case(39);
        var (name, _) = await Created();
        (await Delete(name)).Ok();
        var filters = new[] { new { Key = "name", Values = new[] { name } } };
        Assert.Empty((await Client.Call("ListSecrets", new { Filters = filters })).Ok()["SecretList"]!.AsArray());
        var all = (await Client.Call("ListSecrets", new { Filters = filters, IncludePlannedDeletion = true })).Ok();
        Assert.NotNull(Assert.Single(all["SecretList"]!.AsArray())!["DeletedDate"]);
        (await Delete(name, force: true)).Ok();
    }

    [Fact]
    public async Task Case40_After_a_forced_deletion_the_name_becomes_free_and_a_new_secret_has_another_ARN()
    {
        Case(40);
        var name = NewName();
        var first = (await Create(name, "a")).Ok();
        (await Delete(name, force: true)).Ok();
        var second = await Create(name, "b");
        for (var waited = 0; second.Error == InvalidRequest && waited < 120; waited++)
        {
            await PassTime(TimeSpan.FromSeconds(1));
            second = await Create(name, "b");
        }
        Assert.NotEqual(first.Arn, second.Ok().Arn);
        (await Describe(first.Arn)).Refused(NotFound, NoSuchSecret);
        Assert.Equal("b", (await Get(name)).Ok().Text("SecretString"));
    }

    [Fact]
    public async Task Case39_A_forced_deletion_of_what_is_not_there_succeeds_and_a_scheduled_one_does_not()
    {
        Case(39);
        var name = NewName();
        Assert.Equal(name, (await Delete(name, force: true)).Ok().Text("Name"));
        (await Delete(name)).Refused(NotFound, NoSuchSecret);
    }

    [Fact]
    public async Task Case55_Restore_brings_value_tags_and_ARN_back()
    {
        Case(55);
        var (name, version) = await Created("a");
        (await Tag(name, ("k", "v"))).Ok();
        var arn = (await Delete(name)).Ok().Arn;
        Assert.Equal(arn, (await Client.Call("RestoreSecret", new { SecretId = name })).Ok().Arn);
        var described = (await Describe(name)).Ok();
        Assert.Null(described["DeletedDate"]);
        Assert.Equal(new() { [version] = "AWSCURRENT" }, described.Stages());
        Assert.Equal([("k", "v")], Tags(described["Tags"]));
        Assert.Equal("a", (await Get(name)).Ok().Text("SecretString"));
    }

    [Fact]
    public async Task Case56_Restore_of_what_is_not_there_is_refused()
    {
        Case(56);
        (await Client.Call("RestoreSecret", new { SecretId = NewName() })).Refused(NotFound, NoSuchSecret);
    }

    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);
}
