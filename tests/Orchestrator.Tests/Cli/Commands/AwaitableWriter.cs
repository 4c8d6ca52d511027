using System.Text;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary>Captures the output of a running command, and lets a test wait for a part of it.</summary>
internal sealed class AwaitableWriter : TextWriter
{
    private readonly Lock gate = new();
    private readonly StringBuilder written = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> waiting = [];

    public AwaitableWriter() => NewLine = "\n";

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (gate)
        {
            written.Append(value);
            var text = written.ToString();
            foreach (var (_, seen) in waiting.Where(w => text.Contains(w.Text, StringComparison.Ordinal)))
                seen.TrySetResult();
        }
    }

    /// <summary>Ends once the text was written, or with the test.</summary>
    public Task WhenWritten(string text)
    {
        lock (gate)
        {
            if (written.ToString().Contains(text, StringComparison.Ordinal))
                return Task.CompletedTask;
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((text, seen));
            return seen.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    public override string ToString()
    {
        lock (gate)
            return written.ToString();
    }
}
