using DeploymentOrchestrator.Cli.Commands;
using DeploymentOrchestrator.Cli.Rendering;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary>How an exception ends that nobody foresaw.</summary>
public sealed class UnexpectedErrorTests
{
    [Fact]
    public async Task It_is_one_line_that_says_what_was_done_and_ends_with_70()
    {
        var (code, said) = await Run("status", "-n", "apps");

        Assert.Equal(70, code);
        Assert.Equal(
            "dorch: an error of its own ended \"dorch status -n apps\": NotSupportedException: no such thing Report it as a bug with this line and the input that led to it; "
            + "--verbose adds the stack trace\n",
            said);
    }

    [Fact]
    public async Task The_stack_trace_is_for_who_asks_for_it()
    {
        var (code, said) = await Run("status", "--verbose");

        Assert.Equal(70, code);
        Assert.Contains("\n   at DeploymentOrchestrator.Tests.", said, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> Run(params string[] arguments)
    {
        var error = new StringWriter { NewLine = "\n" };
        var context = new CommandContext(new Terminal(TextWriter.Null, error), Stream.Null, TimeProvider.System)
        {
            FindCluster = (_, _, _) => throw new NotSupportedException("no such\nthing"),
        };
        return (await DorchCommand.Run(arguments, context, TestContext.Current.CancellationToken), error.ToString());
    }
}
