using DeploymentOrchestrator.Runtime;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Runtime;

public sealed class FairLockTests
{
    private readonly FairLock one = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_release_by_the_same_holder_does_nothing()
    {
        var first = await one.Hold("a", Cancellation);
        var (second, third) = (one.Hold("a", Cancellation), one.Hold("b", Cancellation));
        Assert.False(second.IsCompleted);

        first.Dispose();
        first.Dispose();
        await second.Soon();
        Assert.False(third.IsCompleted);
        (await second).Dispose();
        await third.Soon();
        (await third).Dispose();
        Assert.True(one.Hold("c", Cancellation).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task The_current_work_lends_its_worker_while_it_waits()
    {
        var lent = 0;
        var first = await one.Hold("a", Cancellation);
        new CurrentWork("b", async waiting =>
        {
            lent++;
            await waiting;
        }).Begin();
        var second = one.Hold("b", Cancellation);
        Assert.Equal(1, lent);

        first.Dispose();
        await second.Soon();
        (await second).Dispose();
        (await one.Hold("b", Cancellation)).Dispose();
        Assert.Equal(1, lent);
    }

    [Fact]
    public async Task Work_that_is_cancelled_once_it_has_the_lock_releases_it()
    {
        var first = await one.Hold("a", Cancellation);
        new CurrentWork("b", async waiting =>
        {
            await waiting;
            throw new OperationCanceledException();
        }).Begin();
        var second = one.Hold("b", Cancellation);
        first.Dispose();

        await Assert.ThrowsAsync<OperationCanceledException>(() => second);
        Assert.True(one.Take("c", Cancellation).IsCompletedSuccessfully);
    }
}
