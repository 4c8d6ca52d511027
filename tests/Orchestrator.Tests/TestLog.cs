using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Tests;

/// <summary>Writes log lines beside the test's result, so that a failure tells what led to it.</summary>
internal sealed class TestLog : ILoggerFactory, ILogger
{
    private readonly ITestOutputHelper? output = TestContext.Current.TestOutputHelper;

    /// <summary>Every line so far.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = $"{logLevel}: {formatter(state, exception)}";
        Lines.Enqueue(line);
        output?.WriteLine(line);
    }

    public void Dispose()
    {
    }
}
