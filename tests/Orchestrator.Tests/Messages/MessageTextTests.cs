using System.Text;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Tests.Messages;

public sealed class MessageTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Applied 1 resource, all ready")]
    public void A_short_message_is_left_unchanged(string text) => Assert.Equal(text, MessageText.Limit(text));

    [Fact]
    public void A_message_of_256_bytes_is_left_unchanged()
    {
        var text = new string('ä', 128);
        Assert.Equal(text, MessageText.Limit(text));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ä")]
    [InlineData("€")]
    [InlineData("🔑")]
    public void A_longer_message_is_cut_between_two_characters(string character)
    {
        var cut = MessageText.Limit(string.Concat(Enumerable.Repeat(character, 300)));
        Assert.InRange(Encoding.UTF8.GetByteCount(cut), 250, MessageText.MaxBytes);
        Assert.EndsWith("…", cut, StringComparison.Ordinal);
        Assert.Empty(cut[..^1].Replace(character, "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_contains_no_terminal_control_characters() =>
        Assert.Equal("\\u001B[31m\\u202E\\n", MessageText.Limit("\u001b[31m\u202e\n"));

    [Fact]
    public void Escapes_in_a_message_count_towards_its_length() =>
        Assert.Equal(MessageText.MaxBytes, System.Text.Encoding.UTF8.GetByteCount(MessageText.Limit(new string('\u001b', 250))));
}
