using System.Reflection;

namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>The locations of the repository and the program under test.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("Repository");

    /// <summary>The command that starts dorch: the binary in the environment variable DORCH, or the one of this build.</summary>
    public static IReadOnlyList<string> Dorch { get; } = Environment.GetEnvironmentVariable("DORCH") is { Length: > 0 } binary
        ? [Path.GetFullPath(binary, Root)]
        : ["dotnet", Path.Combine(Root, Metadata("Dorch"))];

    /// <summary>A file or folder of the examples.</summary>
    public static string Example(string name) => Path.Combine(Root, "examples", name);

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
