namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>A digest of what a secret's value is made from, so that a change of it shows; the order of fields does not count.</summary>
/// <remarks>It holds static values and generator options, which are configuration; a generated value never goes in.</remarks>
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
