using DeploymentOrchestrator.Cli.Commands;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary>How an unexpected exception ends the program.</summary>
public sealed class UnexpectedErrorTests
{
    [Fact]
    public async Task An_unexpected_exception_is_one_line_that_says_how_to_report_it_and_ends_with_70()
    {
        var (code, output) = await Run("status", "-n", "apps");

        Assert.Equal(70, code);
        Assert.Equal(
            "dorch: internal error while running \"dorch status -n apps\": NotSupportedException: no such thing. "
            + $"This is a bug in dorch {ProductVersion.Text}: please report it with this line and the input; run it again with --verbose for the stack trace\n",
            output);
    }

    [Fact]
    public async Task Verbose_adds_the_stack_trace()
    {
        var (code, output) = await Run("status", "--verbose");

        Assert.Equal(70, code);
        Assert.Contains("\n   at DeploymentOrchestrator.Tests.", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> Run(params string[] arguments)
    {
        var error = new StringWriter { NewLine = "\n" };
        var context = new CommandContext(new Terminal(TextWriter.Null, error), Stream.Null, TimeProvider.System)
        {
            FindCluster = (_, _, _) => throw new NotSupportedException("no such\nthing"),
        };
        return (await DorchCommand.Run(arguments, context, TestContext.Current.CancellationToken), error.ToString());
    }
}
