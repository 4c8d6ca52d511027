using System.Reflection;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Tests.Repository;

/// <summary>The version has one source, the git tag; no file repeats it.</summary>
public sealed partial class VersionTests
{
    [Fact]
    public void No_file_of_the_build_or_of_the_deployment_has_a_version_of_the_program()
    {
        var files = SourceTree.Files("Directory.Build.props", "Dockerfile", "*.csproj", "deploy/**/kustomization.yaml").ToList();
        Assert.True(files.Count > 5, "too few files were found");
        Assert.All(files, file => Assert.DoesNotMatch(OwnVersion(), File.ReadAllText(file)));
    }

    [Fact]
    public void The_program_tells_servers_its_version_without_the_commit()
    {
        var full = typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

        Assert.Equal(full.Split('+')[0], ProductVersion.Text);
        Assert.Matches(@"\A[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?\z", ProductVersion.Text);
    }

    // A build without tags has version 0.0.0.
    [GeneratedRegex(@"<Version[^>]*>(?!0\.0\.0-)|newTag: ""?v?[0-9]|dorch:v?[0-9]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OwnVersion();
}
