using System.Reflection;

namespace DeploymentOrchestrator.Tests.Repository;

/// <summary>The files of the repository that these tests are built from, without build output.</summary>
internal static class SourceTree
{
    private static readonly string[] Made = ["bin", "obj", ".git", "artifacts", "TestResults"];

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = Metadata("Repository");

    /// <summary>The built program, for <c>dotnet</c> to run.</summary>
    public static string Dorch { get; } = Metadata("Dorch");

    /// <summary>The folder of the cases from the field.</summary>
    public static string Field { get; } = Path.Combine(Root, "tests", "field");

    /// <summary>The files whose path or name fits one of the patterns, such as <c>src/**/*.cs</c>.</summary>
    public static IEnumerable<string> Files(params string[] patterns) => patterns.SelectMany(pattern =>
    {
        var (folder, name) = pattern.Split("/**/") is [var start, var end] ? (start, end) : ("", pattern);
        return Below(new(Path.Combine(Root, folder))).Where(file => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(name, file.Name))
            .Select(file => file.FullName);
    }).Order(StringComparer.Ordinal);

    private static string Metadata(string key) => typeof(SourceTree).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    private static IEnumerable<FileInfo> Below(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(d => !Made.Contains(d.Name, StringComparer.Ordinal)).SelectMany(Below));
}
