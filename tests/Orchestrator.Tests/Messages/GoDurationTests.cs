using DeploymentOrchestrator.Messages;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace DeploymentOrchestrator.Tests.Messages;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("30m", 1800)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5h", 5400)]
    [InlineData("90s", 90)]
    [InlineData("500ms", 0.5)]
    [InlineData("1m1m", 120)]
    [InlineData("876000h", 876000d * 3600)]
    public void A_Go_duration_is_read(string text, double seconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0s")]
    [InlineData("0.0000001ms")]
    [InlineData("30")]
    [InlineData("30 m")]
    [InlineData("30m\n")]
    [InlineData("-1h")]
    [InlineData("1d")]
    [InlineData("1us")]
    [InlineData("876601h")]
    [InlineData("99999999999999999999999999999999999999999999999999h")]
    [InlineData("\u0663m")]
    public void A_text_that_is_not_a_Go_duration_is_refused(string? text) => Assert.False(GoDuration.TryParse(text, out _));

    [Theory]
    [InlineData(1800, "30m")]
    [InlineData(5400, "1h30m")]
    [InlineData(3661, "1h1m1s")]
    [InlineData(0.5, "500ms")]
    [InlineData(172800, "48h")]
    public void A_duration_is_written_as_Go_does(double seconds, string text) => Assert.Equal(text, GoDuration.ToText(TimeSpan.FromSeconds(seconds)));

    [Property]
    public Property What_is_written_is_read_as_the_same() => Prop.ForAll(
        Gen.Choose(1, 10_000_000).ToArbitrary(),
        seconds => GoDuration.TryParse(GoDuration.ToText(TimeSpan.FromSeconds(seconds)), out var read) && read == TimeSpan.FromSeconds(seconds));
}
