namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>A node of a YAML document, with its position and its full tag; an alias is the same node as its anchor.</summary>
internal abstract record YamlNode(SourcePosition At, string? Tag);

/// <summary>A scalar, its text with escapes and folds undone; a plain one is neither quoted nor a block.</summary>
internal sealed record YamlScalar(SourcePosition At, string? Tag, string Text, bool IsPlain) : YamlNode(At, Tag);

internal sealed record YamlSequence(SourcePosition At, string? Tag, IReadOnlyList<YamlNode> Items) : YamlNode(At, Tag);

/// <summary>A mapping, its entries as written, duplicates and merge keys included.</summary>
internal sealed record YamlMapping(SourcePosition At, string? Tag, IReadOnlyList<YamlEntry> Entries) : YamlNode(At, Tag);

/// <summary>One key of a mapping with its place in this mapping, even if it is an alias, and its value.</summary>
internal sealed record YamlEntry(YamlNode Key, SourcePosition At, YamlNode Value);
