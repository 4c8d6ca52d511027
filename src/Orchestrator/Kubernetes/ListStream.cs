using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>Reads an API server's list item by item as it arrives, so that memory holds one item only, however many a page has.</summary>
internal sealed class ListStream
{
    private const int FirstSize = 32 * 1024;
    private const int FutileTries = 4;

    private readonly Action<JsonObject> take;
    private JsonReaderState state = new(new() { MaxDepth = JsonDepth.OfServers });
    private bool isInItems;
    private string? field;
    private JsonObject? metadata;

    // How many of the kept bytes were read, and where the incomplete value begins.
    private int read;
    private (int Start, int Depth)? value;

    // The number of consecutive reads without a complete token, and the number of bytes at the last one.
    private int futile;
    private int futileRest;

    private ListStream(Action<JsonObject> take) => this.take = take;

    /// <summary>Reads the list to its end.</summary>
    /// <param name="body">The answer, a JSON object with <c>items</c> and <c>metadata</c>.</param>
    /// <param name="take">Receives each item.</param>
    /// <param name="cancellation">Cancels it.</param>
    /// <returns>The list's own metadata.</returns>
    /// <exception cref="JsonException">The answer is not a list.</exception>
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
                if (received > 0 && !list.MayGoOn(filled, buffer.AsSpan(filled - received, received)))
                    continue;
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

    // Otherwise a text of a megabyte would be searched for its end again with each piece. The end is a quote; if the text itself has quotes, a few pieces
    // are tried, and then the reader waits until the number of bytes has doubled.
    private bool MayGoOn(int filled, ReadOnlySpan<byte> piece)
    {
        var rest = filled - read;
        return rest <= FirstSize || (piece.Contains((byte)'"') && (futile < FutileTries || rest >= 2 * futileRest));
    }

    // Returns the number of consumed bytes. The rest, an incomplete value, is passed again with more bytes after it; every token of it is read once.
    private int Take(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var from = read;
        var reader = new Utf8JsonReader(bytes[from..], isLast, state);
        while (reader.Read())
        {
            if (value is not { } begun)
            {
                if (IsBetweenValues(ref reader))
                    continue;
                begun = (from + (int)reader.TokenStartIndex, reader.CurrentDepth);
            }

            value = begun;
            if (reader.CurrentDepth > begun.Depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                continue;
            Value(bytes[begun.Start..(from + (int)reader.BytesConsumed)]);
            value = null;
        }

        state = reader.CurrentState;
        read = from + (int)reader.BytesConsumed;
        (futile, futileRest) = (read == from ? futile + 1 : 0, bytes.Length - read);
        var done = value?.Start ?? read;
        read -= done;
        value = value is { } rest ? rest with { Start = 0 } : null;
        return done;
    }

    private bool IsBetweenValues(ref Utf8JsonReader reader)
    {
        if (field is null)
        {
            field = reader switch
            {
                { TokenType: JsonTokenType.PropertyName } => reader.GetString(),
                { CurrentDepth: 0, TokenType: JsonTokenType.StartObject or JsonTokenType.EndObject } => null,
                _ => throw new JsonException("the answer is not an object"),
            };
            return true;
        }

        if (field == "items" && !isInItems && reader.TokenType == JsonTokenType.StartArray)
            return isInItems = true;
        if (!isInItems || reader.TokenType != JsonTokenType.EndArray)
            return false;
        (isInItems, field) = (false, null);
        return true;
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
