using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Tests;

/// <summary>Writes log lines to the test's output, so that a failure shows what led to it, and keeps everything that any log could print of
/// them.</summary>
internal sealed class TestLog : ILoggerFactory, ILogger
{
    private readonly ITestOutputHelper? output = TestContext.Current.TestOutputHelper;

    /// <summary>Every line so far.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>What the lines do not show: their values, whole exceptions, scopes and categories.</summary>
    public ConcurrentQueue<string> Details { get; } = new();

    public ILogger CreateLogger(string categoryName)
    {
        Details.Enqueue(categoryName);
        return this;
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        Keep(state);
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = $"{logLevel}: {formatter(state, exception)}";
        Lines.Enqueue(line);
        Keep(state);
        if (exception is not null)
            Details.Enqueue(exception.ToString());
        output?.WriteLine(line);
    }

    public void Dispose()
    {
    }

    private void Keep<TState>(TState state) =>
        Details.Enqueue(state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join('\n', values.Select(v => $"{v.Key}={v.Value}")) : $"{state}");
}
