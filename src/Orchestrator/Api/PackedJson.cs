using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Api;

/// <summary>
/// A JSON object in a record: a tree, or, once packed, its UTF-8 text, which is parsed when somebody looks. A tree takes about ten times its text. Safe for
/// concurrent use.
/// </summary>
internal sealed class PackedJson
{
    // A JsonObject or its bytes.
    private volatile object content;
    private volatile WeakReference<JsonObject>? parsed;

    private PackedJson(JsonObject tree) => content = tree;

    /// <summary>The object; whoever holds the tree of a packed one, and whoever looks meanwhile, have the same.</summary>
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

    /// <summary>The bytes that it takes as text; 0 before it is packed.</summary>
    public int Size => content is byte[] text ? text.Length : 0;

    /// <summary>Holds an object; null for null.</summary>
    public static PackedJson? Of(JsonObject? tree) => tree is null ? null : new(tree);

    /// <summary>Keeps the text in place of the tree.</summary>
    public void Pack()
    {
        if (content is not JsonObject tree)
            return;
        // For who still holds the tree.
        parsed = new(tree);
        content = JsonSerializer.SerializeToUtf8Bytes(tree, ApiJson.Default.JsonObject);
    }
}
