using DeploymentOrchestrator.Runtime;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Tests.Runtime;

public sealed class RecentFailuresTests
{
    [Fact]
    public void Recent_failures_are_the_last_twenty_different_warnings()
    {
        using var log = new RecentFailures();

        Write(log, LogLevel.Information, "not this");
        foreach (var i in Enumerable.Range(1, 21))
            Write(log, LogLevel.Warning, $"{i}");
        Write(log, LogLevel.Error, "5");

        Assert.Equal([.. Enumerable.Range(2, 3).Select(i => $"{i}"), .. Enumerable.Range(6, 16).Select(i => $"{i}"), "5"], log.Lines);
    }

    private static void Write(RecentFailures log, LogLevel level, string message) => log.Log(level, default, message, null, (text, _) => text);
}
