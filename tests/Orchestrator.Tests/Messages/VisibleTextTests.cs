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
    [InlineData("a\u00adb\u200d\u2060\u180e\ufffb\u3164\u115f\u034f", "a\\u00ADb\\u200D\\u2060\\u180E\\uFFFB\\u3164\\u115F\\u034F")]
    [InlineData("\U000E0041\U0001D173\U0001F600", "\\uDB40\\uDC41\\uD834\\uDD73\U0001F600")]
    public void A_control_character_is_shown_as_its_escape(string text, string shown) => Assert.Equal(shown, VisibleText.Of(text));

    [Fact]
    public void A_problem_never_contains_a_control_character() =>
        Assert.Equal("x\\u001B[8m: is \"\\u001B]0;title\\u0007\"", new Problem("x\u001b[8m", "was") { Message = "is \"\u001b]0;title\u0007\"" }.ToString());
}
