using DeploymentOrchestrator.Tests.Deploy;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

public sealed class CrdsTests
{
    [Fact]
    public async Task It_prints_the_files_that_are_shipped()
    {
        var shipped = DeployFolder.Files("base/crds").Select(File.ReadAllText).ToList();

        Assert.Equal(2, shipped.Count);
        Assert.Equal(new(0, string.Join("---\n", shipped), ""), await CommandLineRun.Of("crds"));
    }
}
