using System.Text.Json;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>
/// Makes a call through a command line: <c>SecretId</c> is <c>--secret-id=</c>, a switch is <c>--force-…</c> or <c>--no-…</c>, lists and structures are
/// JSON.
/// The CLI does not show HTTP status and headers, so they are made up: 400 for every error, and the current time.
/// </summary>
internal sealed partial class AwsCliCaller(AwsCli cli, string region, TemporaryFolder folder) : ISecretsManagerCaller
{
    public async Task<Answer> Call(string operation, object? parameters = null)
    {
        using var document = JsonDocument.Parse(AwsJsonClient.Json(parameters));
        var options = document.RootElement.EnumerateObject().Select(Option);
        var ended = await cli.Run(["--region", region, "--output", "json", "--no-paginate", "secretsmanager", Kebab(operation), .. options]);
        using var message = new HttpResponseMessage();
        message.Headers.Date = TimeProvider.System.GetUtcNow();
        if (ended.ExitCode == 0)
            return new Answer(200, message.Headers, ended.Output, NotFoundStatus: 400);
        var error = Error().Match(ended.Errors);
        Assert.True(error.Success && error.Groups["operation"].Value == operation, $"{operation} ended with {ended.ExitCode}: {ended.Errors}");
        var body = JsonSerializer.Serialize(new { __type = error.Groups["code"].Value, Message = error.Groups["message"].Value.TrimEnd() });
        return new Answer(400, message.Headers, body, NotFoundStatus: 400);
    }

    private string Option(JsonProperty parameter) => (parameter.Name, parameter.Value.ValueKind) switch
    {
        ("SecretBinary", _) => $"--secret-binary=fileb://{folder.Write(AwsJsonClient.NewToken(), parameter.Value.GetBytesFromBase64())}",
        (_, JsonValueKind.True) => $"--{Kebab(parameter.Name)}",
        (_, JsonValueKind.False) => $"--no-{Kebab(parameter.Name)}",
        (_, JsonValueKind.String) => $"--{Kebab(parameter.Name)}={parameter.Value.GetString()}",
        _ => $"--{Kebab(parameter.Name)}={parameter.Value.GetRawText()}",
    };

    /// <summary>RotationLambdaARN is rotation-lambda-arn.</summary>
    private static string Kebab(string name) => WordStart().Replace(name, "-").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordStart();

    [GeneratedRegex(
        @"An error occurred \((?<code>\w+)\) when calling the (?<operation>\w+) operation[^:]*: (?<message>.*)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Error();
}
