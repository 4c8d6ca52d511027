using System.Text.Json;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.SecretsManagerEmulator.Operations;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Http;

/// <summary>A call of Secrets Manager: the operation in <c>X-Amz-Target</c>, the parameters in a JSON body.</summary>
internal sealed class SecretsManagerRequest : IRequest
{
    private const string TargetPrefix = "secretsmanager.";
    private readonly SecretStore store;
    private readonly Caller caller;
    private readonly JsonElement? parameters;

    public SecretsManagerRequest(SecretStore store, Caller caller, string? target, byte[] body)
    {
        this.store = store;
        this.caller = caller;
        Operation = target?.StartsWith(TargetPrefix, StringComparison.Ordinal) == true ? target[TargetPrefix.Length..] : "";
        parameters = Parse(body);
        SecretId = Text("SecretId") ?? Text("Name");
    }

    public string Operation { get; }

    public string Action => $"secretsmanager:{Operation}";

    public string? SecretId { get; }

    public Reply Carry()
    {
        if (!OperationTable.Knows(Operation))
            throw ApiException.UnknownOperation();
        if (parameters is not { } input)
            throw ApiException.Serialization("The request's body is not a JSON object.");
        return Json11.Success(store.Invoke(Operation, caller, new Input(input)));
    }

    public Reply Refuse(ApiException refusal) => Json11.Error(refusal);

    /// <summary>Null if the body is not a JSON object. Every string is checked: half a surrogate pair is not text.</summary>
    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body.Length == 0 ? "{}"u8.ToArray() : body);
            return document.RootElement.ValueKind == JsonValueKind.Object && HasOnlyText(document.RootElement)
                ? document.RootElement.Clone()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool HasOnlyText(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && HasOnlyText(member.Value)),
                JsonValueKind.Array => element.EnumerateArray().All(HasOnlyText),
                JsonValueKind.String => element.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private string? Text(string name) =>
        parameters is { } input && input.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
