using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Tests.Repository;

/// <summary>The analyzer compares every member at compile time; this test finds a new public type in a build without analyzers.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_listed_types_are_the_public_ones()
    {
        var listed = SourceTree.Files("PublicAPI.*.txt").SelectMany(File.ReadAllLines).Where(line => !line.Contains("->", StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);

        Assert.All(typeof(IComponentHandler).Assembly.GetExportedTypes(), type => Assert.Contains(type.FullName!.Replace('+', '.'), listed));
    }
}
