using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Kubernetes;

/// <summary>A list is read item by item, in whatever pieces its bytes arrive.</summary>
public sealed class ListStreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Every_item_is_taken_whole_whatever_the_pieces_in_which_it_arrives(int piece)
    {
        var large = new string('x', 70_000);
        var text = $$$"""
            {"apiVersion":"v1","items":[{"metadata":{"name":"a"},"items":[1,{"metadata":{}}]}, {"metadata":{"name":"b"},"data":{"k":"{{{large}}}"}}],
            "kind":"List","metadata":{"resourceVersion":"5","items":[]}}
            """;

        var (items, metadata) = await Read(text, piece);

        Assert.Equal(["a", "b"], items.Select(i => ObjectKey.Of(i).Name));
        Assert.Equal(large, (string)items[1]["data"]!["k"]!);
        Assert.Equal("5", (string)metadata["resourceVersion"]!);
    }

    // As Go writes an empty list.
    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"5"},"items":null}""")]
    [InlineData("""{"metadata":{"resourceVersion":"5"},"items":[]}""")]
    [InlineData("""{"metadata":{"resourceVersion":"5"}}""")]
    public async Task A_list_without_items_is_empty(string text)
    {
        var (items, metadata) = await Read(text, 3);

        Assert.Empty(items);
        Assert.Equal("5", (string)metadata["resourceVersion"]!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"items":[5]}""")]
    [InlineData("""{"items":[null]}""")]
    [InlineData("""{"items":{}, "metadata":7}""")]
    [InlineData("""{"items":[{"metadata":{"name":"a"}}""")]
    public Task An_answer_that_is_not_a_list_or_is_cut_off_is_refused(string text) => Assert.ThrowsAnyAsync<JsonException>(() => Read(text, 4));

    [Fact]
    public async Task An_item_is_taken_before_the_next_one_arrives()
    {
        var item = $$$"""{"metadata":{"name":"a"},"data":{"k":"{{{new string('x', 100_000)}}}"}}""";
        var body = new PieceStream($$"""{"items":[{{string.Join(',', Enumerable.Repeat(item, 40))}}]}""", 4096);
        var ahead = new List<int>();

        await ListStream.Read(body, _ => ahead.Add(body.Given - ((ahead.Count + 1) * item.Length)), TestContext.Current.CancellationToken);

        Assert.Equal(40, ahead.Count);
        Assert.All(ahead, bytes => Assert.InRange(bytes, 0, 8192));
    }

    // Scanned again with each piece, these would take hours.
    [Theory]
    [InlineData("{\"a\":[1,{}]},")]
    [InlineData("\"\\\"\",")]
    public async Task A_large_item_is_scanned_once_however_many_pieces_it_arrives_in(string part)
    {
        var parts = string.Concat(Enumerable.Repeat(part, 500_000 / part.Length));

        var (items, _) = await Task.Run(() => Read($$"""{"items":[{"metadata":{"name":"a"},"data":[{{parts}}0]}]}""", 1)).WaitAsync(
            Patience.Limit, TestContext.Current.CancellationToken);

        Assert.Equal("a", ObjectKey.Of(Assert.Single(items)).Name);
    }

    [Fact]
    public async Task A_large_text_with_quotes_is_scanned_only_a_few_times()
    {
        var text = string.Concat(Enumerable.Repeat("\\\"", 250_000));

        var (items, _) = await Task.Run(() => Read($$"""{"items":[{"metadata":{"name":"a"},"data":"{{text}}"}]}""", 1)).WaitAsync(
            Patience.Limit, TestContext.Current.CancellationToken);

        Assert.Equal(250_000, ((string)Assert.Single(items)["data"]!).Length);
    }

    private static async Task<(List<JsonObject> Items, JsonObject Metadata)> Read(string text, int piece)
    {
        var items = new List<JsonObject>();
        var metadata = await ListStream.Read(
            new PieceStream(text, piece), items.Add, TestContext.Current.CancellationToken);
        return (items, metadata);
    }

    // Returns this many bytes at a time.
    private sealed class PieceStream(string text, int piece) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public int Given => (int)Position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span[..Math.Min(buffer.Length, piece)]));
    }
}
