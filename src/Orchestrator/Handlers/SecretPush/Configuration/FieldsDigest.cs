using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Handlers.SecretPush.Configuration;

/// <summary>A digest of a secret's inputs, so that a change shows; the order of fields does not count.</summary>
/// <remarks>It covers static values and generator options, which are configuration, and never a generated value.</remarks>
internal static class FieldsDigest
{
    /// <summary>12 characters.</summary>
    public static string Of(IReadOnlyList<SecretField> fields)
    {
        var parts = new List<string> { "do1", "fields" };
        foreach (var field in fields.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            parts.Add(field.Name);
            parts.Add(field.Generator is not { } g ? $"value={field.Value}" : string.Join(',', "generator", g.PasswordLength, g.RequireEachIncludedType,
                g.ExcludePunctuation, g.ExcludeNumbers, g.ExcludeLowercase, g.ExcludeUppercase, g.IncludeSpace, g.ExcludeCharacters));
        }

        return ShortDigest.Of(12, [.. parts]);
    }
}
