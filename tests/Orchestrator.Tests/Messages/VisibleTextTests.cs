using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Tests.Messages;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain, \u00e9 \U0001F600 [bold]", "plain, \u00e9 \U0001F600 [bold]")]
    [InlineData("\u001b[31mred", "\\u001B[31mred")]
    [InlineData("a\u009b31mred\u0085", "a\\u009B31mred\\u0085")]
    [InlineData("\u007f\u0000\u0007\b", "\\u007F\\u0000\\u0007\\u0008")]
    [InlineData("a\nb\r\nc\td", "a\\nb\\r\\nc\\td")]
    [InlineData("\u202egnp.exe\u2066\u2069\u200f\ufeff", "\\u202Egnp.exe\\u2066\\u2069\\u200F\\uFEFF")]
    public void A_control_character_is_shown_as_its_escape(string text, string shown) => Assert.Equal(shown, VisibleText.Of(text));

    [Fact]
    public void A_problem_never_contains_a_control_character() =>
        Assert.Equal("x: is \"\\u001B]0;title\\u0007\"", new Problem("x", "was") { Message = "is \"\u001b]0;title\u0007\"" }.ToString());
}
