namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>A node of a YAML document as written, with its place; an alias is the same node as its anchor.</summary>
/// <param name="At">Where the node starts.</param>
/// <param name="Tag">The tag as written in full, or null.</param>
internal abstract record YamlNode(SourcePosition At, string? Tag);

/// <summary>A scalar.</summary>
/// <param name="At">Where it starts.</param>
/// <param name="Tag">See <see cref="YamlNode"/>.</param>
/// <param name="Text">Its text, escapes and folds undone.</param>
/// <param name="IsPlain">Neither quoted nor a block.</param>
internal sealed record YamlScalar(SourcePosition At, string? Tag, string Text, bool IsPlain) : YamlNode(At, Tag);

/// <summary>A list.</summary>
internal sealed record YamlSequence(SourcePosition At, string? Tag, IReadOnlyList<YamlNode> Items) : YamlNode(At, Tag);

/// <summary>A mapping.</summary>
/// <param name="At">Where it starts.</param>
/// <param name="Tag">See <see cref="YamlNode"/>.</param>
/// <param name="Entries">Its entries as written, duplicates and merge keys included.</param>
internal sealed record YamlMapping(SourcePosition At, string? Tag, IReadOnlyList<YamlEntry> Entries) : YamlNode(At, Tag);

/// <summary>One key of a mapping and its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="At">Where the key is in this mapping, even if it is an alias.</param>
/// <param name="Value">The value.</param>
internal sealed record YamlEntry(YamlNode Key, SourcePosition At, YamlNode Value);
