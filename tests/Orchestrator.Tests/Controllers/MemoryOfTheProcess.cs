namespace DeploymentOrchestrator.Tests.Controllers;

/// <summary>Tests that measure the memory of the process that they run in: what another test holds meanwhile would count as theirs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryOfTheProcess
{
    /// <summary>The collection's name.</summary>
    public const string Name = "memory of the process";
}
