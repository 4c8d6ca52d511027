using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator.Contract;

/// <summary>
/// What an AWS Secrets Manager does, as one numbered case after the other, on any endpoint. Each test works on secrets of its
/// own. Where AWS's answer is not known for certain, every plausible one is taken. Cases 1–52 are those of the notes on the
/// API; from 54 on are what else a client relies on. (Case 53, faults on demand, no other endpoint has: see FaultTests.)
/// </summary>
public abstract partial class SecretsManagerContract
{
    protected const string NotFound = "ResourceNotFoundException";
    protected const string InvalidRequest = "InvalidRequestException";
    protected const string InvalidParameter = "InvalidParameterException";
    protected const string Validation = "ValidationException";
    protected const string Exists = "ResourceExistsException";
    protected const string LimitExceeded = "LimitExceededException";
    protected const string TokenMissing = "You must provide a ClientRequestToken value. We recommend a UUID-type value.";
    protected const string NoSuchSecret = "Secrets Manager can't find the specified secret.";
    protected const string MarkedForDeletion = "You can't perform this operation on the secret because it was marked for deletion.";

    protected abstract Uri Endpoint { get; }

    /// <summary>What "not found" is answered with: 400, unless that is what is wrong with this endpoint (case 16).</summary>
    protected virtual int NotFoundStatus => 400;

    /// <summary>The cases that cannot be put into words by what makes the calls here, by number, with the reason.</summary>
    protected virtual IReadOnlyDictionary<int, string> Unspeakable => new Dictionary<int, string>();

    /// <summary>How often a case draws what is drawn by chance.</summary>
    protected virtual int Draws => 50;

    /// <summary>Time goes by: on a service with a clock of its own one has to wait for it.</summary>
    protected abstract Task PassTime(TimeSpan time);

    /// <summary>What makes the calls.</summary>
    private protected virtual ISecretsManagerCaller Caller(string region) => Raw(region);

    private ISecretsManagerCaller Client => Caller("us-east-1");

    private ISecretsManagerCaller OtherRegion => Caller("eu-west-1");

    private AwsJsonClient Raw(string region = "us-east-1") => new(Endpoint, region, notFoundStatus: NotFoundStatus);

    /// <summary>Opens each test: skips it where the calls cannot be made.</summary>
    private void Case(int number) => Assert.SkipWhen(Unspeakable.ContainsKey(number), Unspeakable.GetValueOrDefault(number, ""));

    private static string NewToken() => AwsJsonClient.NewToken();

    private static string NewName() => AwsJsonClient.NewName();

    private Task<Answer> Create(string name, string? value, string? token = null) =>
        Client.Call("CreateSecret", new { Name = name, SecretString = value, ClientRequestToken = token ?? NewToken() });

    /// <summary>A secret with value "a"; gives its name and the id of its version.</summary>
    private async Task<(string Name, string Version)> Created(string? value = "a")
    {
        var name = NewName();
        var created = await Create(name, value);
        created.Ok();
        return (name, created.Text("VersionId"));
    }

    private Task<Answer> Put(string name, string value, string? token = null, params string[] stages) => Client.Call(
        "PutSecretValue",
        new
        {
            SecretId = name,
            SecretString = value,
            ClientRequestToken = token ?? NewToken(),
            VersionStages = stages.Length == 0 ? null : stages,
        });

    /// <summary>Puts a value and gives the id of its version.</summary>
    private async Task<string> PutVersion(string name, string value, params string[] stages) =>
        (await Put(name, value, null, stages)).Ok().Text("VersionId");

    private Task<Answer> Update(string name, string? value, string? token = null) =>
        Client.Call("UpdateSecret", new { SecretId = name, SecretString = value, ClientRequestToken = token ?? NewToken() });

    private Task<Answer> Get(string name) => Client.Call("GetSecretValue", new { SecretId = name });

    private Task<Answer> Describe(string name) => Client.Call("DescribeSecret", new { SecretId = name });

    private Task<Answer> Delete(string name, int? window = null, bool? force = null) => Client.Call(
        "DeleteSecret", new { SecretId = name, RecoveryWindowInDays = window, ForceDeleteWithoutRecovery = force });

    private Task<Answer> MoveStage(string name, string label, string? from = null, string? to = null) => Client.Call(
        "UpdateSecretVersionStage",
        new { SecretId = name, VersionStage = label, RemoveFromVersionId = from, MoveToVersionId = to });

    private Task<Answer> Tag(string name, params (string Key, string Value)[] tags) => Client.Call(
        "TagResource", new { SecretId = name, Tags = tags.Select(tag => new { tag.Key, tag.Value }) });

    private Task<Answer> Password(object options) => Client.Call("GetRandomPassword", options);

    /// <summary>All versions' ids and labels, the deprecated ones too.</summary>
    private async Task<Dictionary<string, string[]>> AllVersions(string name)
    {
        var listed = await Client.Call("ListSecretVersionIds", new { SecretId = name, IncludeDeprecated = true });
        return listed.Ok()["Versions"]!.AsArray().ToDictionary(
            version => (string)version!["VersionId"]!,
            version => (version!["VersionStages"]?.AsArray() ?? []).Select(label => (string)label!).ToArray());
    }

    private static (string, string)[] Tags(JsonNode? tags) =>
        [.. (tags?.AsArray() ?? []).Select(tag => ((string)tag!["Key"]!, (string)tag["Value"]!))];
}
