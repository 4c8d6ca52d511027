using System.Text.Json;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Model;

/// <summary>A policy document, as far as the API evaluates it: whether it is valid, and whether it is public.</summary>
internal sealed record ResourcePolicy(string Text, bool IsPublic)
{
    /// <exception cref="ApiException">MalformedPolicyDocumentException: not a JSON object, or one without statements.</exception>
    public static ResourcePolicy From(Input input)
    {
        var text = input.RequiredString("ResourcePolicy", 1, 20_480);
        try
        {
            using var document = JsonDocument.Parse(text);
            return new ResourcePolicy(text, Statements(document.RootElement).Exists(AllowsEveryone));
        }
        catch (JsonException)
        {
            throw ApiException.MalformedPolicy();
        }
    }

    private static List<JsonElement> Statements(JsonElement policy)
    {
        if (policy.ValueKind != JsonValueKind.Object || !policy.TryGetProperty("Statement", out var statement))
            throw ApiException.MalformedPolicy();
        List<JsonElement> statements = statement.ValueKind == JsonValueKind.Array ? [.. statement.EnumerateArray()] : [statement];
        return statements.TrueForAll(one => one.ValueKind == JsonValueKind.Object) ? statements : throw ApiException.MalformedPolicy();
    }

    private static bool AllowsEveryone(JsonElement statement) =>
        statement.TryGetProperty("Effect", out var effect) && effect.ValueKind == JsonValueKind.String && effect.ValueEquals("Allow")
        && !statement.TryGetProperty("Condition", out _)
        && statement.TryGetProperty("Principal", out var principal) && IsEveryone(principal);

    private static bool IsEveryone(JsonElement principal) => principal.ValueKind switch
    {
        JsonValueKind.String => principal.ValueEquals("*"),
        JsonValueKind.Array => principal.EnumerateArray().Any(IsEveryone),
        JsonValueKind.Object => principal.TryGetProperty("AWS", out var accounts) && IsEveryone(accounts),
        _ => false,
    };
}
