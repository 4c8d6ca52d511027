using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Model;

/// <summary>A tag as the API sends it.</summary>
internal readonly record struct Tag(string Key, string Value);

/// <summary>The tags of one secret, in the order in which their keys were added.</summary>
internal sealed class SecretTags
{
    /// <summary>The limit of 50 tags on a resource, and the reserved prefix, are AWS's general tagging rules.</summary>
    public const int MaxTags = 50;

    private const string ReservedPrefix = "aws:";
    private readonly List<Tag> tags = [];

    public IReadOnlyList<Tag> All => tags;

    /// <summary>Whether there ever was a tag: AWS then shows an empty list once the last one is removed, and no list otherwise.</summary>
    public bool WereThereAny { get; private set; }

    /// <summary>Adds tags; an existing key keeps its position and gets the new value.</summary>
    public void Put(IReadOnlyList<Tag> added)
    {
        Validate(added);
        if (tags.Select(tag => tag.Key).Union(added.Select(tag => tag.Key)).Count() > MaxTags)
            throw ApiException.InvalidParameter($"A resource can have at most {MaxTags} tags.");
        WereThereAny |= added.Count > 0;
        foreach (var tag in added)
        {
            var index = tags.FindIndex(old => old.Key == tag.Key);
            if (index < 0)
                tags.Add(tag);
            else
                tags[index] = tag;
        }
    }

    public void Remove(IReadOnlyCollection<string> keys) => tags.RemoveAll(tag => keys.Contains(tag.Key));

    private static void Validate(IReadOnlyList<Tag> added)
    {
        if (added.Any(tag => tag.Key.StartsWith(ReservedPrefix, StringComparison.OrdinalIgnoreCase)))
            throw ApiException.InvalidParameter("aws: prefixed tag key names are not allowed for external use.");
        if (added.DistinctBy(tag => tag.Key).Count() < added.Count)
            throw ApiException.InvalidParameter("Duplicate tag keys found. Please note that tag keys are case sensitive.");
    }
}
