namespace DeploymentOrchestrator.Runtime;

/// <summary>
/// The work that the current code belongs to, at any depth of calls: an AWS call waits its turn on behalf of a namespace, and lends its worker to others
/// meanwhile. It flows with the execution context, even through AWS's SDK, which passes none of our parameters on.
/// </summary>
/// <param name="Tenant">The namespace on whose behalf it is done.</param>
/// <param name="LendWorker">Lends the worker until a task ends, then waits for a worker again.</param>
internal sealed record CurrentWork(string Tenant, Func<Task, Task> LendWorker)
{
    private static readonly AsyncLocal<CurrentWork?> Ambient = new();

    /// <summary>The current work; null outside any.</summary>
    public static CurrentWork? Now => Ambient.Value;

    /// <summary>Marks everything that the caller does from here on as this work.</summary>
    public void Begin() => Ambient.Value = this;
}
