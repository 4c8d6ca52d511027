using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Tests.Controllers.Components;

namespace DeploymentOrchestrator.Tests.Handlers;

/// <summary>
/// The contract of every handler. A subclass provides the handler on real dependencies, new for each test, a valid config and an invalid one.
/// </summary>
public abstract class ComponentHandlerContract
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IComponentHandler Handler { get; }

    /// <summary>A valid config, which leads to Done.</summary>
    protected abstract JsonObject ValidConfig { get; }

    /// <summary>A config with several problems.</summary>
    protected abstract JsonObject InvalidConfig { get; }

    /// <summary>The path of each problem.</summary>
    protected abstract IReadOnlyList<string> ProblemPaths { get; }

    /// <summary>Everything that the handler could have created or changed, as a text that shows every difference.</summary>
    protected abstract Task<string> World();

    /// <summary>Lets time pass and dependencies work while the handler waits; does nothing by default.</summary>
    protected virtual Task Proceed() => Task.CompletedTask;

    [Fact]
    public void The_name_of_a_handler_is_a_DNS_label() => Assert.True(DnsName.IsLabel(Handler.Name), Handler.Name);

    [Fact]
    public void A_valid_config_has_no_problems() => Assert.Empty(Handler.Validate(ValidConfig));

    [Fact]
    public void Every_problem_is_reported_with_its_path()
    {
        var problems = Handler.Validate(InvalidConfig);
        Assert.Equal(ProblemPaths.Order(StringComparer.Ordinal), problems.Select(p => p.Path).Order(StringComparer.Ordinal));
        Assert.All(problems, p => Assert.NotEmpty(p.Message));
    }

    [Fact]
    public async Task Validate_is_pure()
    {
        var before = await World();
        foreach (var config in new[] { ValidConfig, InvalidConfig, [] })
        {
            var written = config.ToJsonString();
            Assert.Equal(Handler.Validate(config), Handler.Validate(config));
            Assert.Equal(written, config.ToJsonString());
        }

        Assert.Equal(before, await World());
    }

    [Fact]
    public async Task An_invalid_config_is_refused_before_anything_is_done()
    {
        var before = await World();
        var component = new HandledComponent(Handler, InvalidConfig);
        var failed = Assert.IsType<HandlerAnswer.Failed>(await component.Apply());
        Assert.Equal(FailureKind.InvalidConfig, failed.Kind);
        Assert.Superset(ProblemPaths.ToHashSet(), failed.Problems.Select(p => p.Path).ToHashSet());
        Assert.Equal(0, component.Remembered);
        Assert.Equal(before, await World());
    }

    [Fact]
    public async Task Apply_is_idempotent()
    {
        var component = new HandledComponent(Handler, ValidConfig);
        var first = await RunUntilQuiet(component.Apply);
        var world = await World();
        var second = await component.Apply();

        Assert.Equal(Describe(first), Describe(second));
        Assert.Empty(second.Events);
        Assert.Equal(world, await World());
    }

    [Fact]
    public async Task Apply_without_a_change_saves_no_state_again()
    {
        var component = new HandledComponent(Handler, ValidConfig);
        await RunUntilQuiet(component.Apply);
        var noted = component.Remembered;
        await component.Apply();
        Assert.Equal(noted, component.Remembered);
    }

    [Fact]
    public async Task Apply_recovers_from_a_lost_answer()
    {
        var component = new HandledComponent(Handler, ValidConfig);
        await component.ApplyAndLoseTheAnswer();
        await RunUntilQuiet(component.Apply);
        var world = await World();

        var untroubled = await component.Apply();
        Assert.IsType<HandlerAnswer.Done>(untroubled);
        Assert.Equal(world, await World());
        await RunUntilQuiet(component.Delete);
    }

    [Fact]
    public async Task Apply_with_a_lost_status_converges()
    {
        var component = new HandledComponent(Handler, ValidConfig);
        await RunUntilQuiet(component.Apply);
        var world = await World();

        component.ForgetStatus();
        await RunUntilQuiet(component.Apply);
        Assert.Equal(world, await World());
    }

    [Fact]
    public async Task Delete_after_apply_leaves_nothing_and_may_be_repeated()
    {
        var before = await World();
        var component = new HandledComponent(Handler, ValidConfig);
        await RunUntilQuiet(component.Apply);
        await RunUntilQuiet(component.Delete);
        Assert.Equal(before, await World());

        Assert.IsType<HandlerAnswer.Done>(await component.Delete());
        Assert.Equal(before, await World());
    }

    [Fact]
    public async Task Delete_after_a_lost_answer_leaves_nothing()
    {
        var before = await World();
        var component = new HandledComponent(Handler, ValidConfig);
        await component.ApplyAndLoseTheAnswer();
        await RunUntilQuiet(component.Delete);
        Assert.Equal(before, await World());
    }

    [Fact]
    public async Task Delete_without_any_apply_is_done()
    {
        var before = await World();
        Assert.IsType<HandlerAnswer.Done>(await new HandledComponent(Handler, ValidConfig).Delete());
        Assert.IsType<HandlerAnswer.Done>(await new HandledComponent(Handler, InvalidConfig).Delete());
        Assert.Equal(before, await World());
    }

    [Fact]
    public async Task Delete_with_a_config_that_became_invalid_goes_by_what_was_applied()
    {
        var before = await World();
        var component = new HandledComponent(Handler, ValidConfig);
        await RunUntilQuiet(component.Apply);

        component.Config = InvalidConfig;
        Assert.IsType<HandlerAnswer.Failed>(await component.Apply());
        await RunUntilQuiet(component.Delete);
        Assert.Equal(before, await World());
    }

    [Fact]
    public async Task A_cancelled_call_throws_and_does_nothing()
    {
        var before = await World();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var component = new HandledComponent(Handler, ValidConfig);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => component.Apply(cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => component.Delete(cancelled.Token));
        Assert.Equal(before, await World());
    }

    [Fact]
    public async Task The_message_of_a_handler_fits_a_status()
    {
        var component = new HandledComponent(Handler, ValidConfig);
        var answer = await RunUntilQuiet(component.Apply);
        Assert.NotNull(answer.Message);
        Assert.InRange(Encoding.UTF8.GetByteCount(answer.Message), 1, MessageText.MaxBytes);
        Assert.All(answer.Conditions, c => Assert.InRange(Encoding.UTF8.GetByteCount(c.Message ?? ""), 0, MessageText.MaxBytes));
        Assert.DoesNotContain(answer.Conditions, c => c.Type == Condition.Ready);
    }

    /// <summary>Calls until it is done, with <see cref="Proceed"/> between the calls.</summary>
    protected async Task<HandlerAnswer> RunUntilQuiet(Func<CancellationToken?, Task<HandlerAnswer>> call)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            var answer = await call(null);
            if (answer is HandlerAnswer.Done)
                return answer;
            Assert.True(answer is HandlerAnswer.InProgress or HandlerAnswer.Failed { Kind: FailureKind.Transient }, Describe(answer));
            await Proceed();
        }

        throw new InvalidOperationException("it is not done after 20 calls");
    }

    /// <summary>An answer without its events, to compare.</summary>
    protected static string Describe(HandlerAnswer answer) => string.Join('\n',
        answer.GetType().Name,
        (answer as HandlerAnswer.Done)?.RecheckAfter,
        (answer as HandlerAnswer.InProgress)?.RecheckAfter,
        string.Join("; ", (answer as HandlerAnswer.Failed)?.Problems ?? []),
        answer.Message,
        answer.ProviderStatus?.ToJsonString(),
        answer.Applied?.ToJsonString(),
        string.Join("; ", answer.Conditions),
        string.Join("; ", answer.Watches));
}
