namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>Waits for the effects of other processes.</summary>
internal static class Eventually
{
    /// <summary>Ends when the condition holds; fails after the limit, by default two minutes, which only a broken program needs.</summary>
    public static async Task Holds(Func<Task<bool>> isSo, string what, TimeSpan? limit = null, Func<string>? more = null)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        ends.CancelAfter(limit ?? TimeSpan.FromMinutes(2));
        try
        {
            while (!await isSo())
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ends.Token);
        }
        catch (OperationCanceledException e) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"never came: {what}\n{more?.Invoke()}", e);
        }
    }
}
