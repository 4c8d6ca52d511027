using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The flat JSON that is the secret's value, built in cleared memory.</summary>
internal static class SecretDocument
{
    /// <summary>Generates what is generated, side by side, and joins it with the static values, in the order of the fields.</summary>
    /// <exception cref="SecretsManagerException">A value could not be generated: then there is no document.</exception>
    public static async Task<SecretText> Generate(IReadOnlyList<SecretField> fields, ISecretsManager client, CancellationToken cancellation)
    {
        var generating = fields.Where(f => f.Generator is not null)
            .ToDictionary(f => f.Name, f => client.GetRandomPassword(f.Generator!, cancellation), StringComparer.Ordinal);
        try
        {
            await Task.WhenAll(generating.Values);
            return Join(fields, generating);
        }
        finally
        {
            // WhenAll ends when all have ended: what was generated beside a failure is cleared too.
            foreach (var done in generating.Values.Where(task => task.IsCompletedSuccessfully))
                done.Result.Dispose();
        }
    }

    private static SecretText Join(IReadOnlyList<SecretField> fields, Dictionary<string, Task<SecretText>> generated)
    {
        using var json = new SecretBuffer();
        json.Append("{"u8);
        foreach (var field in fields)
        {
            json.Append(json.Length > 1 ? ","u8 : ""u8).AppendJsonString(field.Name).Append(":"u8);
            if (generated.TryGetValue(field.Name, out var secret))
                json.AppendJsonString(secret.Result.Utf8());
            else
                json.AppendJsonString(field.Value);
        }

        return json.Append("}"u8).ToSecretText();
    }
}
