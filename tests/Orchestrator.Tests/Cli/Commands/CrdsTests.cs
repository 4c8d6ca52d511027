using DeploymentOrchestrator.Tests.Deploy;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

public sealed class CrdsTests
{
    [Fact]
    public async Task The_command_crds_prints_the_shipped_files()
    {
        var shipped = DeployFolder.Files("base/crds").Select(File.ReadAllText).ToList();

        Assert.Equal(3, shipped.Count);
        Assert.Equal(new(0, string.Join("---\n", shipped), ""), await CommandLineRun.Of("crds"));
    }
}
