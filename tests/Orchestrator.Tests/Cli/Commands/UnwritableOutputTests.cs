using System.Text;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary>A full disk, or a stream that the caller closed: not a bug of dorch.</summary>
public sealed class UnwritableOutputTests : IDisposable
{
    private readonly Example example = new();

    public void Dispose() => example.Dispose();

    [Theory]
    [InlineData("crds")]
    [InlineData("--help")]
    [InlineData("validate app.yaml")]
    [InlineData("plan app.yaml")]
    [InlineData("up app.yaml --once")]
    public async Task Output_that_cannot_be_written_ends_with_1_and_one_line(string commandLine)
    {
        var error = new StringWriter { NewLine = "\n" };

        var run = await CommandLineRun.Of(Arguments(commandLine), streams: (new FullDisk(), error));

        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith("dorch: cannot write the output: No space left on device\n", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("bug", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("cannot listen", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bogus")]
    [InlineData("validate nosuch.yaml")]
    [InlineData("up app.yaml --once")]
    public async Task When_errors_cannot_be_written_either_only_the_exit_code_tells(string commandLine)
    {
        var run = await CommandLineRun.Of(Arguments(commandLine), streams: (new FullDisk(), new FullDisk()));

        Assert.Equal(1, run.ExitCode);
    }

    private string[] Arguments(string commandLine) =>
        [.. commandLine.Split(' ').Select(word => word == "app.yaml" ? example.Write(word, Example.App) : word)];

    private sealed class FullDisk : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("No space left on device");

        public override void Write(string? value) => throw new IOException("No space left on device");
    }
}
