using System.Threading.Channels;

namespace DeploymentOrchestrator.Tests.Resources;

/// <summary>The time limit for something that should happen at once, on a busy machine. Without it a broken test would hang instead of failing.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static Task<T> Next<T>(this Channel<T> channel) =>
        channel.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task Soon(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
