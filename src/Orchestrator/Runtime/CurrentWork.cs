namespace DeploymentOrchestrator.Runtime;

/// <summary>
/// The work that the current code is part of, known however deep it is called: a call of AWS waits its turn in the name of a namespace, and lends the worker to
/// others while it does. It flows with the execution context, through AWS's SDK too, which hands no parameter of ours on.
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
