using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator.Contract;

/// <summary>
/// The behaviour of AWS Secrets Manager as numbered cases, for any endpoint. Each test uses its own secrets. Where AWS's answer is uncertain, every
/// plausible one passes. Cases 1–52 come from notes on the API; cases from 54 on are what else a client relies on. (Only the emulator has case 53, faults
/// on demand: see FaultTests.)
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

    /// <summary>The HTTP status for "not found": 400, unless this endpoint has that gap (case 16).</summary>
    protected virtual int NotFoundStatus => 400;

    /// <summary>The cases that this caller cannot express, by number, with the reason.</summary>
    protected virtual IReadOnlyDictionary<int, string> Unspeakable => new Dictionary<int, string>();

    /// <summary>The number of draws in a case about random values.</summary>
    protected virtual int Draws => 50;

    /// <summary>Lets time pass; a service with its own clock requires a real wait.</summary>
    protected abstract Task PassTime(TimeSpan time);

    /// <summary>The client that makes the calls.</summary>
    private protected virtual ISecretsManagerCaller Caller(string region) => Raw(region);

    private ISecretsManagerCaller Client => Caller("us-east-1");

    private ISecretsManagerCaller OtherRegion => Caller("eu-west-1");

    private AwsJsonClient Raw(string region = "us-east-1") => new(Endpoint, region, notFoundStatus: NotFoundStatus);

    /// <summary>Begins each test; skips it if the caller cannot express it.</summary>
    private void Case(int number) => Assert.SkipWhen(Unspeakable.ContainsKey(number), Unspeakable.GetValueOrDefault(number, ""));

    private static string NewToken() => AwsJsonClient.NewToken();

    private static string NewName() => AwsJsonClient.NewName();

    private Task<Answer> Create(string name, string? value, string? token = null) =>
        Client.Call("CreateSecret", new { Name = name, SecretString = value, ClientRequestToken = token ?? NewToken() });

    /// <summary>Creates a secret with value "a"; returns its name and version id.</summary>
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

    /// <summary>Puts a value and returns its version id.</summary>
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

    /// <summary>The ids and labels of all versions, including deprecated ones.</summary>
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
