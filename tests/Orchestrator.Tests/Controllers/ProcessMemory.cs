namespace DeploymentOrchestrator.Tests.Controllers;

/// <summary>Tests that measure the memory of their own process. They run alone, or the memory of other tests would count as theirs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessMemory
{
    /// <summary>The collection's name.</summary>
    public const string Name = "memory of the process";
}
