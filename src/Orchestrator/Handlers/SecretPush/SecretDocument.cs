using System.Collections.Concurrent;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The flat JSON that is the secret's value, built in cleared memory.</summary>
internal static class SecretDocument
{
    /// <summary>How many values of one Component are generated concurrently, to leave AWS's quota to others.</summary>
    public const int AtOnce = 8;

    /// <summary>Generates the values, some concurrently, and joins them with the static ones, in the order of the fields.</summary>
    /// <exception cref="SecretsManagerException">A value could not be generated: there is no document, and no more values are generated.</exception>
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
            // All generators have ended: values generated beside a failure are cleared, too.
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
