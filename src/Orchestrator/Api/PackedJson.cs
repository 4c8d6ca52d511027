using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Api;

/// <summary>
/// A JSON object in a record: a tree, or, once packed, its UTF-8 text, which is parsed on access. A tree takes about ten times the memory of its text. Safe
/// for concurrent use.
/// </summary>
internal sealed class PackedJson
{
    // A JsonObject or its bytes.
    private volatile object content;
    private volatile WeakReference<JsonObject>? parsed;

    private PackedJson(JsonObject tree) => content = tree;

    /// <summary>The object; all concurrent readers get the same tree.</summary>
    public JsonObject Tree
    {
        get
        {
            if (content is JsonObject tree)
                return tree;
            if (parsed?.TryGetTarget(out var known) == true)
                return known;
            var read = JsonSerializer.Deserialize((byte[])content, ApiJson.Default.JsonObject)!;
            parsed = new(read);
            return read;
        }
    }

    /// <summary>The size of the text in bytes; 0 before it is packed.</summary>
    public int Size => content is byte[] text ? text.Length : 0;

    /// <summary>Wraps an object; null for null.</summary>
    public static PackedJson? Of(JsonObject? tree) => tree is null ? null : new(tree);

    /// <summary>Replaces the tree by its text.</summary>
    public void Pack()
    {
        if (content is not JsonObject tree)
            return;
        // For callers that still hold the tree.
        parsed = new(tree);
        content = JsonSerializer.SerializeToUtf8Bytes(tree, ApiJson.Default.JsonObject);
    }
}
