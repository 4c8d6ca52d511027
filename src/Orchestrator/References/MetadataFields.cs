using System.Globalization;
using System.Text.Json;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.References;

/// <summary>Checks the types of an object's metadata, which the API server enforces even for fields that are never read.</summary>
internal static class MetadataFields
{
    private static readonly string[] Texts = ["generateName", "uid", "resourceVersion", "selfLink"];
    private static readonly string[] Times = ["creationTimestamp", "deletionTimestamp"];
    private static readonly string[] Numbers = ["generation", "deletionGracePeriodSeconds"];
    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>Checks everything but name and namespace, whose rules depend on the kind.</summary>
    public static void Check(ObjectReader metadata)
    {
        CheckLabels(metadata);
        CheckAnnotations(metadata);
        metadata.Strings("finalizers");
        foreach (var owner in metadata.Objects("ownerReferences"))
            CheckOwner(owner);
        foreach (var text in Texts)
            metadata.String(text);
        foreach (var time in Times)
            CheckTime(metadata, time);
        foreach (var number in Numbers)
            metadata.Integer(number, n => n >= 0, "a whole number, 0 or more");
        foreach (var entry in metadata.Objects("managedFields"))
        {
            foreach (var text in (string[])["manager", "operation", "apiVersion", "fieldsType", "subresource"])
                entry.String(text);
            CheckTime(entry, "time");
            entry.Object("fieldsV1");
        }
    }

    /// <summary>Checks one owner reference.</summary>
    /// <returns>Whether it names a controller.</returns>
    public static bool CheckOwner(ObjectReader owner)
    {
        foreach (var text in (string[])["apiVersion", "kind", "name", "uid"])
            owner.String(text, required: true);
        owner.Boolean("blockOwnerDeletion");
        return owner.Boolean("controller") == true;
    }

    /// <summary>Checks a map of texts: a number, or a key without a value, is refused.</summary>
    public static void CheckTexts(ObjectReader reader, string map) => CheckTexts(reader, map, _ => null, _ => null);

    /// <summary>Checks labels: the API server's rules for keys and values, and no number or key without a value.</summary>
    public static void CheckLabels(ObjectReader metadata) => CheckTexts(metadata, "labels", LabelSyntax.KeyProblem, LabelSyntax.ValueProblem);

    /// <summary>Checks annotations: any text under a valid key.</summary>
    public static void CheckAnnotations(ObjectReader metadata) => CheckTexts(metadata, "annotations", LabelSyntax.KeyProblem, _ => null);

    private static void CheckTexts(ObjectReader reader, string map, Func<string, string?> problemOfKey, Func<string, string?> problemOfValue)
    {
        if (reader.Object(map) is not { } texts)
            return;
        foreach (var key in texts.Keys())
        {
            var value = texts.String(key, required: true);
            // A template's result is not known yet.
            var isTemplate = key.Contains("{{", StringComparison.Ordinal) || value?.Contains("{{", StringComparison.Ordinal) == true;
            if (!isTemplate && (problemOfKey(key) ?? (value is null ? null : problemOfValue(value))) is { } problem)
                texts.Add(key, problem);
        }
    }

    private static void CheckTime(ObjectReader reader, string key)
    {
        if (reader.Any(key) is not { } value)
            return;
        var isText = value.GetValueKind() == JsonValueKind.String;
        if (!isText || !DateTimeOffset.TryParseExact(value.GetValue<string>(), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            reader.Add(key, $"must be a time such as 2026-01-31T12:00:00Z{(isText ? $", not \"{MessageText.Limit(value.GetValue<string>(), 40)}\"" : "")}");
    }
}
