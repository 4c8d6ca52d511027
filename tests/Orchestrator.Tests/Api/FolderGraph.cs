using System.Reflection;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Tests.Repository;

namespace DeploymentOrchestrator.Tests.Api;

/// <summary>
/// Which folders of one project use which folders of <c>src</c>, with one example of each use. A use is a type named in compiled code, or a <c>using</c>
/// in the source, which also reveals constants and links in comments. A folder is a namespace; a parent and its child are two folders.
/// </summary>
internal sealed partial class FolderGraph
{
    private const string Root = "DeploymentOrchestrator";

    private static readonly string Source = Path.Combine(SourceTree.Root, "src");

    private readonly SortedDictionary<string, SortedDictionary<string, string>> uses = new(StringComparer.Ordinal);
    private readonly string project;

    private FolderGraph(string project) => this.project = project;

    /// <summary>The folders of a project, as paths below <c>src</c>.</summary>
    public IEnumerable<string> Folders => uses.Keys;

    /// <summary>Reads a project of <c>src</c> by its compiled assembly.</summary>
    public static FolderGraph Of(Assembly assembly)
    {
        var graph = new FolderGraph(assembly.GetName().Name == "dorch" ? "Orchestrator.Cli" : assembly.GetName().Name!);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Source, graph.project), "*.cs", SearchOption.AllDirectories)
            .Where(f => !Generated().IsMatch(f)))
            graph.AddSource(file);
        foreach (var type in assembly.GetTypes())
        {
            foreach (var used in TypeUses.Of(type))
                graph.Add(type.Name == "Program" ? $"{Root}.Cli" : type.Namespace, used.Namespace,
                    $"{TypeUses.Outer(type).Name} uses {TypeUses.Outer(used).Name}");
        }

        return graph;
    }

    /// <summary>What a folder uses, with an example of each.</summary>
    public IReadOnlyDictionary<string, string> UsesOf(string folder) => uses[folder];

    /// <summary>The uses that are part of a cycle between folders of this project: the used folder depends on its user again.</summary>
    public IReadOnlyList<string> Cycles() =>
    [
        .. from user in uses
           from used in user.Value
           where DependsOn(used.Key, user.Key)
           select $"{user.Key} -> {used.Key}: {used.Value}",
    ];

    private bool DependsOn(string from, string to)
    {
        var (seen, next) = (new HashSet<string>(StringComparer.Ordinal) { from }, new Queue<string>([from]));
        while (next.TryDequeue(out var folder))
        {
            if (folder == to)
                return true;
            foreach (var used in uses.TryGetValue(folder, out var all) ? all.Keys.Where(seen.Add) : [])
                next.Enqueue(used);
        }

        return false;
    }

    private void AddSource(string file)
    {
        var text = File.ReadAllText(file);
        // Only Program.cs has no namespace.
        var own = Namespace().Match(text) is { Success: true } found ? found.Groups["name"].Value : $"{Root}.Cli";
        foreach (Match used in Using().Matches(text))
            Add(own, used.Groups["name"].Value, $"{Path.GetFileNameWithoutExtension(file)} has using {used.Groups["name"].Value}");
    }

    private void Add(string? user, string? used, string example)
    {
        if (Folder(user) is not { } from || Folder(used) is not { } to)
            return;
        if (!uses.TryGetValue(from, out var all))
            uses[from] = all = new(StringComparer.Ordinal);
        if (from != to && (!all.TryGetValue(to, out var known) || known.Contains(" has using ", StringComparison.Ordinal)))
            all[to] = example;
    }

    // DeploymentOrchestrator.Cli.Commands lies in Orchestrator.Cli/Commands, DeploymentOrchestrator.Api in Orchestrator/Api.
    private static string? Folder(string? name)
    {
        if (name is null || !(name + ".").StartsWith(Root + ".", StringComparison.Ordinal))
            return null;
        var parts = name.Split('.')[1..];
        return parts is ["Cli" or "SecretsManagerEmulator", ..]
            ? string.Join('/', [$"Orchestrator.{parts[0]}", .. parts[1..]]) : string.Join('/', ["Orchestrator", .. parts]);
    }

    [GeneratedRegex(@"[/\\](obj|bin)[/\\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Generated();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (static )?(?<name>DeploymentOrchestrator[\w.]*);",
        RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Using();
}
