using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Runtime;

/// <summary>
/// Keeps the warnings that the controllers log. Most of them (such as a write conflict) heal at once and need no attention; they are
/// printed only when a run does not become Ready.
/// </summary>
internal sealed class RecentFailures : ILoggerFactory, ILogger
{
    private const int Kept = 20;

    private readonly Lock gate = new();
    private readonly List<string> lines = [];

    /// <summary>The last different messages, oldest first.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
                return [.. lines];
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var line = formatter(state, exception);
        lock (gate)
        {
            lines.Remove(line);
            lines.Add(line);
            if (lines.Count > Kept)
                lines.RemoveAt(0);
        }
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    // There is only one logger, so a scope has no effect.
    void ILoggerFactory.AddProvider(ILoggerProvider provider) { }

    void IDisposable.Dispose() { }
}
