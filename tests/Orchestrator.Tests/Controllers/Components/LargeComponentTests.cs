using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

/// <summary>Large Components cost one read for each change, and are read one at a time.</summary>
public sealed class LargeComponentTests
{
    private static readonly string Filler = new('x', 300_000);

    private readonly ScriptedHandler make = new("make");

    [Fact]
    public async Task A_large_Component_that_is_refused_is_read_once_for_each_spec()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.WhenQuiet();
        var reads = 0;
        cluster.Hooks.Before = (call, name) =>
        {
            if ((call, name) == ("List", "Component"))
                Interlocked.Increment(ref reads);
            return Task.CompletedTask;
        };

        await cluster.PutComponent("app", $$$"""{"handler":"make","config":{"size":0,"with":"{{{Filler}}}"}}""");
        await cluster.RunUntilQuiet();
        await cluster.Annotate("app", "somebody", "wrote");
        await cluster.RunUntilQuiet();
        Assert.Equal((1, 1), (reads, make.Validations));
        Assert.Equal("size: must be a whole number, 1-9, not the number 0", (await cluster.Component("app")).Status!.Message);

        await cluster.PutComponent("app", $$$"""{"handler":"make","config":{"size":10,"with":"{{{Filler}}}"}}""");
        await cluster.RunUntilQuiet();
        Assert.Equal((2, 2), (reads, make.Validations));
        Assert.Equal("size: must be a whole number, 1-9, not the number 10", (await cluster.Component("app")).Status!.Message);

        await cluster.PutComponent("app", $$$"""{"handler":"make","config":{"size":9,"with":"{{{Filler}}}"}}""");
        await cluster.RunUntilQuiet();
        Assert.True((await cluster.Component("app")).IsReady());
    }

    [Fact]
    public async Task Large_Components_are_read_one_at_a_time_and_a_small_one_passes_them()
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.WhenQuiet();
        var (reads, atOnce, most) = (0, 0, 0);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Hooks.Before = async (call, name) =>
        {
            if ((call, name) != ("List", "Component"))
                return;
            Interlocked.Increment(ref reads);
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            await go.Task;
        };
        cluster.Hooks.After = (call, name) =>
        {
            if ((call, name) == ("List", "Component"))
                Interlocked.Decrement(ref atOnce);
            return Task.CompletedTask;
        };
        var small = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        make.OnApply = (request, _) =>
        {
            if (request.Component.Metadata.Name == "small")
                small.TrySetResult();
            return Task.FromResult<HandlerAnswer>(new HandlerAnswer.Done());
        };

        // As many as there are workers.
        for (var i = 0; i < 16; i++)
            await cluster.PutComponent($"large-{i}", $$$"""{"handler":"make","config":{"with":"{{{Filler}}}"}}""");
        await cluster.Store.Create(NewResource.Namespace("other"), TestContext.Current.CancellationToken);
        await cluster.Store.Create(NewResource.Component("other", "small", "make", []), TestContext.Current.CancellationToken);
        try
        {
            await small.Task.Soon();
        }
        finally
        {
            go.SetResult();
        }

        await cluster.RunUntilQuiet();

        Assert.True(reads >= 16);
        Assert.Equal(1, most);
        Assert.Equal(17, make.Calls.Count);
    }

    [Fact]
    public async Task A_handler_that_works_on_a_large_Component_keeps_no_other_large_one_waiting()
    {
        await using var cluster = new ScriptedCluster(make);
        var (slow, other) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        make.OnApply = async (request, cancellation) =>
        {
            if (request.Component.Metadata.Name == "slow")
                await slow.Task.WaitAsync(cancellation);
            else
                other.TrySetResult();
            return new HandlerAnswer.Done();
        };
        foreach (var name in (string[])["slow", "other"])
            await cluster.PutComponent(name, $$$"""{"handler":"make","config":{"with":"{{{Filler}}}"}}""");

        try
        {
            await other.Task.Soon();
        }
        finally
        {
            slow.SetResult();
        }

        await cluster.RunUntilQuiet();
        Assert.True((await cluster.Component("slow")).IsReady());
    }
}
