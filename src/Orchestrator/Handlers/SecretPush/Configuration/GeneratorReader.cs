using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush.Configuration;

/// <summary>Reads a field's <c>generator</c> and refuses options that AWS would refuse, or accept and never satisfy.</summary>
/// <remarks>Source: AWS's GetRandomPassword. Omitted options are not sent, so AWS's own defaults apply.</remarks>
internal static class GeneratorReader
{
    private const int MostExcluded = 4096;

    private static readonly (string Name, string Characters, Func<PasswordOptions, bool?> IsExcluded)[] Types =
    [
        ("lower-case letters", "abcdefghijklmnopqrstuvwxyz", options => options.ExcludeLowercase),
        ("upper-case letters", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", options => options.ExcludeUppercase),
        ("numbers", "0123456789", options => options.ExcludeNumbers),
        ("punctuation", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", options => options.ExcludePunctuation),
    ];

    /// <summary>The options of the field's generator; null if it has none, or an invalid one.</summary>
    public static PasswordOptions? Read(ObjectReader field)
    {
        if (field.Object(SecretKeys.Generator) is not { } reader)
            return null;
        var options = new PasswordOptions(
            reader.Integer(SecretKeys.PasswordLength, 1, AwsForms.LongestPassword, required: true) ?? 0,
            reader.String("excludeCharacters"),
            reader.Boolean("excludeNumbers"),
            reader.Boolean("excludePunctuation"),
            reader.Boolean("excludeUppercase"),
            reader.Boolean("excludeLowercase"),
            reader.Boolean("includeSpace"),
            reader.Boolean("requireEachIncludedType"));
        reader.Close();
        if (options.ExcludeCharacters?.Length > MostExcluded)
            reader.Add("excludeCharacters", $"has {options.ExcludeCharacters.Length} characters; AWS takes at most {MostExcluded}");
        if (!reader.HasDeferred)
            CheckSatisfiable(field, reader, options);
        return options.PasswordLength == 0 ? null : options;
    }

    private static void CheckSatisfiable(ObjectReader field, ObjectReader reader, PasswordOptions options)
    {
        var included = Types.Where(t => t.IsExcluded(options) != true).ToList();
        var emptied = included.Where(t => !t.Characters.AsSpan().ContainsAnyExcept(options.ExcludeCharacters)).Select(t => t.Name).ToList();
        var hasSpace = options.IncludeSpace == true && options.ExcludeCharacters?.Contains(' ') != true;
        var requiresEach = options.RequireEachIncludedType != false;

        if (emptied.Count == included.Count && !hasSpace)
            field.Add(SecretKeys.Generator, "excludes every character: leave one type in to generate from");
        else if (requiresEach && emptied.Count > 0)
            reader.Add("excludeCharacters", $"leaves no {string.Join(" and no ", emptied)}, of which AWS requires one each: "
                + "exclude the whole type, or set requireEachIncludedType: false");
        else if (requiresEach && options.PasswordLength > 0 && options.PasswordLength < included.Count)
            reader.Add(SecretKeys.PasswordLength, $"{options.PasswordLength} is too short for one of each of {included.Count} character types, "
                + "which AWS requires unless told otherwise: set requireEachIncludedType: false, or a longer length");
    }
}
