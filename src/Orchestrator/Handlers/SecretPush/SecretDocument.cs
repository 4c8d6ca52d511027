using System.Collections.Concurrent;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The flat JSON that is the secret's value, built in cleared memory.</summary>
internal static class SecretDocument
{
    /// <summary>How many values of one Component are generated at once: its fields take no more of AWS's quota than that from others.</summary>
    public const int AtOnce = 8;

    /// <summary>Generates what is generated, some side by side, and joins it with the static values, in the order of the fields.</summary>
    /// <exception cref="SecretsManagerException">A value could not be generated: then there is no document, and no more is generated.</exception>
    public static async Task<SecretText> Generate(IReadOnlyList<SecretField> fields, ISecretsManager client, CancellationToken cancellation)
    {
        var generated = new ConcurrentDictionary<string, SecretText>(StringComparer.Ordinal);
        try
        {
            await Parallel.ForEachAsync(
                fields.Where(f => f.Generator is not null),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
                async (field, stop) => generated[field.Name] = await client.GetRandomPassword(field.Generator!, stop));
            return Join(fields, generated);
        }
        finally
        {
            // All that were begun have ended: what was generated beside a failure is cleared too.
            foreach (var value in generated.Values)
                value.Dispose();
        }
    }

    private static SecretText Join(IReadOnlyList<SecretField> fields, ConcurrentDictionary<string, SecretText> generated)
    {
        using var json = new SecretBuffer();
        json.Append("{"u8);
        foreach (var field in fields)
        {
            json.Append(json.Length > 1 ? ","u8 : ""u8).AppendJsonString(field.Name).Append(":"u8);
            if (generated.TryGetValue(field.Name, out var secret))
                json.AppendJsonString(secret.Utf8());
            else
                json.AppendJsonString(field.Value);
        }

        return json.Append("}"u8).ToSecretText();
    }
}
