using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>
/// Reads an API server's list item by item as it arrives: no more than one item is held, however many a page has, and forty of a megabyte cost no more than
/// one.
/// </summary>
internal sealed class ListStream
{
    private const int FirstSize = 32 * 1024;

    private readonly Action<JsonObject> take;
    private JsonReaderState state = new(new() { MaxDepth = JsonDepth.OfServers });
    private bool isInItems;
    private string? field;
    private JsonObject? metadata;

    private ListStream(Action<JsonObject> take) => this.take = take;

    /// <summary>Reads to the end.</summary>
    /// <param name="body">The answer, a JSON object with <c>items</c> and <c>metadata</c>.</param>
    /// <param name="take">Takes each item.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The list's own metadata.</returns>
    /// <exception cref="JsonException">The answer is no such list.</exception>
    public static async Task<JsonObject> Read(Stream body, Action<JsonObject> take, CancellationToken cancellation)
    {
        var list = new ListStream(take);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
        try
        {
            for (var filled = 0; ;)
            {
                if (filled == buffer.Length)
                    Grow(ref buffer);
                var received = await body.ReadAsync(buffer.AsMemory(filled), cancellation);
                filled += received;
                var used = list.Take(buffer.AsSpan(0, filled), isLast: received == 0);
                buffer.AsSpan(used, filled - used).CopyTo(buffer);
                filled -= used;
                if (received == 0)
                    return list.metadata ?? [];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static void Grow(ref byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        buffer = larger;
    }

    // What it returns is done with; the rest, a part of a value, is given again with more behind it.
    private int Take(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var reader = new Utf8JsonReader(bytes, isLast, state);
        while (true)
        {
            var before = reader;
            if (!reader.Read())
                break;
            if (field is null)
            {
                field = reader switch
                {
                    { TokenType: JsonTokenType.PropertyName } => reader.GetString(),
                    { CurrentDepth: 0, TokenType: JsonTokenType.StartObject or JsonTokenType.EndObject } => null,
                    _ => throw new JsonException("the answer is not an object"),
                };
                continue;
            }

            if (field == "items" && !isInItems && reader.TokenType == JsonTokenType.StartArray)
            {
                isInItems = true;
                continue;
            }

            if (isInItems && reader.TokenType == JsonTokenType.EndArray)
            {
                (isInItems, field) = (false, null);
                continue;
            }

            var start = (int)reader.TokenStartIndex;
            if (!reader.TrySkip())
            {
                reader = before;
                break;
            }

            Value(bytes[start..(int)reader.BytesConsumed]);
        }

        state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    private void Value(ReadOnlySpan<byte> json)
    {
        if (isInItems)
            take(Object(json));
        else
        {
            if (field == "metadata")
                metadata = Object(json);
            field = null;
        }
    }

    private static JsonObject Object(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, WireJson.Object) ?? throw new JsonException("what should be an object is null");
}
