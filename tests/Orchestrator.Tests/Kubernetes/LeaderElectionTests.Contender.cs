using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.Kubernetes;

public sealed partial class LeaderElectionTests
{
    /// <summary>One process that runs for leader, whose connection a test cuts or freezes.</summary>
    private sealed class Contender : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        private readonly TaskCompletionSource leading = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource leadingAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task running;
        private TaskCompletionSource thawed = Done();
        private volatile bool isCut;

        private readonly LoopTime time;

        public Contender(LeaderElectionTests test, string identity)
        {
            time = new(test.time);
            var reach = new HookedStore(test.store)
            {
                Before = async (_, _) =>
                {
                    await thawed.Task;
                    if (isCut)
                        throw new ResourceException(ResourceError.Unavailable, "no connection");
                },
            };
            Election = new(reach, Key, identity, new(), time, () => 0, new TestLog());
            running = Election.Run(Lead, stop.Token);
        }

        public LeaderElection Election { get; }

        public Task Leading => leading.Task;

        public Task LeadingAgain => leadingAgain.Task;

        public Task Lost => lost.Task;

        public void Cut() => isCut = true;

        public void Mend() => isCut = false;

        public void Freeze() => thawed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Thaw() => thawed.TrySetResult();

        /// <summary>Ends when it waits for its next look at the Lease.</summary>
        public Task Waiting() => time.Waiting();

        public async ValueTask DisposeAsync()
        {
            Thaw();
            await stop.CancelAsync();
            await running;
            stop.Dispose();
        }

        private async Task Lead(CancellationToken lease)
        {
            if (!leading.TrySetResult())
                leadingAgain.TrySetResult();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(lease, stop.Token);
            var end = new TaskCompletionSource();
            await using var registration = either.Token.Register(end.SetResult);
            await end.Task;
            if (lease.IsCancellationRequested)
                lost.TrySetResult();
        }

        private static TaskCompletionSource Done()
        {
            var done = new TaskCompletionSource();
            done.SetResult();
            return done;
        }
    }

    /// <summary>A clock that knows whether its process waits between two looks at the Lease.</summary>
    private sealed class LoopTime(FakeTimeProvider world) : TimeProvider
    {
        private readonly Lock gate = new();
        private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private DateTimeOffset next;

        public override long TimestampFrequency => world.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => world.GetUtcNow();

        public override long GetTimestamp() => world.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = world.CreateTimer(callback, state, dueTime, period);
            lock (gate)
            {
                if (dueTime == new LeaderElectionOptions().RetryPeriod)
                    next = world.GetUtcNow() + dueTime;
                changed.TrySetResult();
                changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return timer;
        }

        public async Task Waiting()
        {
            while (true)
            {
                Task change;
                lock (gate)
                {
                    if (next > world.GetUtcNow())
                        return;
                    change = changed.Task;
                }

                await change.WaitAsync(Stop);
            }
        }
    }
}
