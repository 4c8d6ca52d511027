using System.Text;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator.Contract;

public abstract partial class SecretsManagerContract
{
    [Fact]
    public async Task Case01_Create_answers_an_ARN_with_six_random_characters_the_name_and_the_token_as_version_id()
    {
        Case(1);
        var (name, token) = (NewName(), NewToken());
        var created = (await Create(name, "a", token)).Ok();
        Assert.Matches($"^arn:aws:secretsmanager:us-east-1:[0-9]{{12}}:secret:{name}-[A-Za-z0-9]{{6}}$", created.Arn);
        Assert.Equal(name, created.Text("Name"));
        Assert.Equal(token, created.Text("VersionId"));
        Assert.Null(created["ReplicationStatus"]);
    }

    [Fact]
    public async Task Case02_Create_without_a_value_makes_no_version_and_what_is_absent_is_left_out()
    {
        Case(2);
        var name = NewName();
        Assert.Null((await Create(name, null)).Ok()["VersionId"]);
        var described = (await Describe(name)).Ok();
        Assert.Equal(["ARN", "CreatedDate", "LastChangedDate", "Name"], described.Json.Select(member => member.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Case03_Get_of_a_secret_without_a_value_finds_no_current_version()
    {
        Case(3);
        var (name, _) = await Created(value: null);
        (await Get(name)).Refused(NotFound, "can't find the specified secret value for staging label: AWSCURRENT");
    }

    [Fact]
    public async Task Case04_The_first_version_becomes_current_whatever_label_is_asked_for()
    {
        Case(4);
        var (name, _) = await Created(value: null);
        var put = (await Put(name, "x", null, "P")).Ok();
        Assert.Equal(["AWSCURRENT", "P"], put.Texts("VersionStages").Order(StringComparer.Ordinal));
        Assert.Equal("x", (await Get(name)).Ok().Text("SecretString"));
    }

    [Fact]
    public async Task Case05_The_service_generates_no_token()
    {
        Case(5);
        var name = NewName();
        (await Client.Call("CreateSecret", new { Name = name, SecretString = "a" })).Refused(InvalidRequest, TokenMissing);
        (await Describe(name)).Refused(NotFound);
        (await Client.Call("UpdateSecret", new { SecretId = name, SecretString = "a" })).Refused(InvalidRequest, TokenMissing);
        (await Client.Call("PutSecretValue", new { SecretId = name, SecretString = "a" })).Refused(InvalidRequest, TokenMissing);
    }

    [Fact]
    public async Task Case06_Rotate_without_a_token_is_refused_before_the_secret_is_looked_for()
    {
        Case(6);
        (await Client.Call("RotateSecret", new { SecretId = NewName() })).Refused(InvalidParameter, TokenMissing);
    }

    [Fact]
    public async Task Case07_Create_repeated_with_token_and_value_answers_the_same_and_makes_one_version()
    {
        Case(7);
        var (name, token) = (NewName(), NewToken());
        var first = (await Create(name, "a", token)).Ok();
        var second = (await Create(name, "a", token)).Ok();
        Assert.Equal(first.Body, second.Body);
        Assert.Equal([token], (await AllVersions(name)).Keys);
    }

    [Fact]
    public async Task Case08_Create_repeated_with_the_token_and_another_value_is_refused()
    {
        Case(8);
        var (name, token) = (NewName(), NewToken());
        var arn = (await Create(name, "a", token)).Ok().Arn;
        (await Create(name, "b", token)).Refused(
            Exists, $"You can't use ClientRequestToken {token} because that value is already in use for a version of secret {arn}.");
        Assert.Equal("a", (await Get(name)).Ok().Text("SecretString"));
    }

    [Fact]
    public async Task Case09_Create_of_a_name_that_exists_is_refused()
    {
        Case(9);
        var (name, _) = await Created();
        (await Create(name, "a")).Refused(Exists, $"The operation failed because the secret {name} already exists.");
        Assert.Single(await AllVersions(name));
    }

    [Theory]
    [InlineData("CreateSecret")]
    [InlineData("DescribeSecret")]
    [InlineData("GetSecretValue")]
    [InlineData("ListSecretVersionIds")]
    [InlineData("PutSecretValue")]
    [InlineData("TagResource")]
    [InlineData("UntagResource")]
    [InlineData("UpdateSecret")]
    [InlineData("ValidateResourcePolicy")]
    [InlineData("DeleteSecret")]
    public async Task Case10_A_name_with_a_blank_is_refused(string operation)
    {
        Case(10);
        object parameters = operation switch
        {
            "CreateSecret" => new { Name = "Inv Name", SecretString = "a", ClientRequestToken = NewToken() },
            "PutSecretValue" or "UpdateSecret" => new { SecretId = "Inv Name", SecretString = "a", ClientRequestToken = NewToken() },
            "TagResource" => new { SecretId = "Inv Name", Tags = new[] { new { Key = "a", Value = "1" } } },
            "UntagResource" => new { SecretId = "Inv Name", TagKeys = new[] { "a" } },
            "ValidateResourcePolicy" => new { SecretId = "Inv Name", ResourcePolicy = Policy("arn:aws:iam::123456789012:root") },
            "DeleteSecret" => new { SecretId = "Inv Name", ForceDeleteWithoutRecovery = true },
            _ => new { SecretId = "Inv Name" },
        };
        (await Client.Call(operation, parameters)).Refused(
            Validation, "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!");
    }

    [Fact]
    public async Task Case11_A_value_has_at_most_65536_bytes()
    {
        Case(11);
        const string Constraint = "failed to satisfy constraint: Member must have length less than or equal to 65536";
        (await Create(NewName(), new string('a', 65_536))).Ok();
        (await Create(NewName(), new string('a', 65_537))).Refused(Validation, $"at 'secretString' {Constraint}");
        (await Create(NewName(), new string('ä', 32_769))).Refused(Validation, $"at 'secretString' {Constraint}");
        (await CreateBinary(new byte[65_536])).Ok();
        (await CreateBinary(new byte[65_537])).Refused(Validation, $"at 'secretBinary' {Constraint}");
    }

    [Fact]
    public async Task Case12_An_empty_string_is_not_a_value()
    {
        Case(12);
        var name = NewName();
        (await Create(name, "")).Refused(Validation);
        (await Describe(name)).Refused(NotFound);
    }

    [Fact]
    public async Task Case13_A_string_and_binary_at_once_are_refused_and_nothing_is_stored()
    {
        Case(13);
        var name = NewName();
        var binary = Convert.ToBase64String("b"u8);
        (await Client.Call("CreateSecret", new { Name = name, SecretString = "a", SecretBinary = binary, ClientRequestToken = NewToken() }))
            .Refused($"{InvalidParameter}|{InvalidRequest}");
        (await Describe(name)).Refused(NotFound);
    }

    [Fact]
    public async Task Case14_Put_without_a_value_is_refused()
    {
        Case(14);
        var (name, version) = await Created();
        (await Client.Call("PutSecretValue", new { SecretId = name, ClientRequestToken = NewToken() }))
            .Refused($"{InvalidRequest}|{InvalidParameter}");
        Assert.Equal([version], (await AllVersions(name)).Keys);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(65)]
    public async Task Case15_A_token_has_32_to_64_characters(int length)
    {
        Case(15);
        var name = NewName();
        (await Create(name, "a", new string('t', length))).Refused($"{InvalidParameter}|{Validation}");
        (await Describe(name)).Refused(NotFound);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public async Task Case15_Tokens_of_32_and_of_64_characters_are_taken(int length)
    {
        Case(15);
        Assert.Equal(length, (await Create(NewName(), "a", new string('t', length))).Ok().Text("VersionId").Length);
    }

    [Fact]
    public async Task Case54_Binary_comes_back_as_base64_of_the_same_bytes()
    {
        Case(54);
        var bytes = Encoding.UTF8.GetBytes("\0\u0001ÿ");
        var created = (await CreateBinary(bytes)).Ok();
        var read = (await Get(created.Text("Name"))).Ok();
        Assert.Equal(bytes, Convert.FromBase64String(read.Text("SecretBinary")));
        Assert.Null(read["SecretString"]);
    }

    private Task<Answer> CreateBinary(byte[] bytes) => Client.Call(
        "CreateSecret",
        new { Name = NewName(), SecretBinary = Convert.ToBase64String(bytes), ClientRequestToken = NewToken() });
}
