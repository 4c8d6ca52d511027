using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Tests.Docs;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>The log and the metrics show the decision's action and reason.</summary>
public sealed class SecretActionLogTests
{
    private static readonly SecretTarget Target = new("myapp/credentials", "us-east-1");

    [Fact]
    public void A_change_of_a_secret_is_logged_with_its_reason_and_a_check_only_for_debugging()
    {
        var log = new Lines();
        var report = SecretActionLog.To(log);
        report(new("myapp", "credentials"), Target, new SecretAction.LeaveInPlace(Target.Name, ActionReason.Retain));
        report(new("myapp", "credentials"), Target, new SecretAction.Keep(null, IsPostponed: false, ActionReason.WrittenOnce));

        Assert.Equal(
            [
                "Information: Component myapp/credentials: leave secret myapp/credentials in us-east-1 (Retain): deletionPolicy is Retain",
                "Debug: Component myapp/credentials: leave secret myapp/credentials in us-east-1 (WrittenOnce): updatePolicy is IfNotExists: its value is kept",
            ], log);
    }

    [Fact]
    public async Task Actions_are_counted_by_words_that_nobody_chooses()
    {
        var counted = new ConcurrentBag<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "dorch.secret.actions")
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, labels, _) =>
            counted.Add(string.Join(' ', labels.ToArray().Select(label => $"{label.Key}={label.Value}"))));
        listener.Start();

        await using var secret = await PushedSecret.StartAsync();
        await secret.Put(PushedSecret.Config());

        Assert.Contains("action=create reason=NotThere", counted);
        Assert.All(counted, labels => Assert.Contains(labels.Split("reason=")[1], Reasons));
    }

    [Fact]
    public void The_reasons_of_the_docs_are_those_of_the_program() => Assert.Equal(
        Reasons.Order(StringComparer.Ordinal),
        DocsFolder.Rows(DocsFolder.Section("docs/reference/metrics.md", "## Reasons of secret-push")).Select(r => r[0])
            .Concat(["HasReplicas", "NameInUse", "Contended"]).Order(StringComparer.Ordinal));

    // Reasons without an action belong to failures during one.
    private static IReadOnlyList<string> Reasons =>
    [
        .. typeof(ActionReason).GetFields().Where(f => f.FieldType == typeof(ActionReason)).Select(f => f.Name),
        .. typeof(ActionReason).GetMethods().Where(m => m is { IsStatic: true } && m.ReturnType == typeof(ActionReason)).Select(m => m.Name),
    ];

    private sealed class Lines : List<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add($"{logLevel}: {formatter(state, exception)}");
    }
}
