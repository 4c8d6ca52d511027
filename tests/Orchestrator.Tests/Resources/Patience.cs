using System.Threading.Channels;

namespace DeploymentOrchestrator.Tests.Resources;

/// <summary>What should happen at once may take a busy machine this long; without a limit a broken test would not fail but hang.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static Task<T> Next<T>(this Channel<T> channel) =>
        channel.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task Soon(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
