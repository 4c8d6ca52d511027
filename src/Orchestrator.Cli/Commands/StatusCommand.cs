using System.CommandLine;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch status [NAME…]</c></summary>
internal sealed class StatusCommand : ExplainedCommand
{
    public StatusCommand(CommandContext context)
        : base(context, "status", "Show the Compositions and Components of a cluster as a tree: what depends on what, what each created, and what blocks it.")
    {
        var names = With(Parameters.RefuseUnknownOptions(new Argument<string[]>("NAME")
        {
            Description = "A Composition, or a standalone Component (default: all of them)",
            Arity = ArgumentArity.ZeroOrMore,
        }));
        var scope = With(Parameters.Namespace("--namespace", "The namespace (default: the one of the kubeconfig's context)"));
        scope.Aliases.Add("-n");
        var all = With(new Option<bool>("--all-namespaces", "-A") { Description = "All namespaces" });
        var reached = new ClusterOptions(this);
        var output = With(Parameters.Output("Print a tree (table, the default), or the resources as one v1 List"));
        this.Excludes(scope, all, "choose one namespace or all");

        Runs((parsed, cancellation) => ClusterOptions.Run(context, async () =>
        {
            using var cluster = reached.Find(parsed, context);
            var @namespace = parsed.GetValue(all) ? null : parsed.GetValue(scope) ?? cluster.Namespace;
            return await new StatusRun(context, cluster.Store, @namespace, parsed.GetValue(output)).Run(parsed.GetValue(names) ?? [], cancellation);
        }));
    }

    public override IReadOnlyList<string> Examples => ["dorch status", "dorch status myapp -n myapp", "dorch status --all-namespaces -o json"];
}

/// <summary>One run of <c>dorch status</c>: it lists both kinds, in one namespace or (null) in all, and calls nothing else.</summary>
internal sealed class StatusRun(CommandContext context, IResourceStore store, string? @namespace, OutputFormat format)
{
    private readonly Terminal terminal = context.Terminal;

    /// <summary>Shows the named Compositions and standalone Components, or all without names, and returns the exit code.</summary>
    public async Task<int> Run(IReadOnlyList<string> wanted, CancellationToken cancellation)
    {
        var compositions = await List(ResourceType.Composition, ApiJson.Default.Composition, c => c.Metadata.Name, cancellation);
        var components = await List(ResourceType.Component, ApiJson.Default.Component, ShownName, cancellation);
        var names = compositions.Select(c => c.Name).Concat(components.Select(c => c.Name))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var where = @namespace is null ? "in any namespace" : $"in the namespace {@namespace}";
        var missing = wanted.Where(name => !names.Contains(name, StringComparer.Ordinal)).ToList();
        foreach (var name in missing)
            await terminal.Error.WriteLineAsync($"dorch: no Composition or standalone Component is named \"{name}\" {where}{Known(name, names)}");
        if (missing.Count > 0)
            return ExitCode.Failed;
        if (wanted.Count > 0)
        {
            compositions.RemoveAll(c => !wanted.Contains(c.Name, StringComparer.Ordinal));
            components.RemoveAll(c => !wanted.Contains(c.Name, StringComparer.Ordinal));
        }

        if (format == OutputFormat.Table && compositions.Count + components.Count == 0)
        {
            await terminal.Error.WriteLineAsync($"dorch: there are no Compositions or Components {where}");
            return ExitCode.Done;
        }

        IReadOnlyList<StatusNode> nodes = format != OutputFormat.Table ? [] : new StatusGraph(context.Time.GetUtcNow(), @namespace is null)
            .Of(compositions.Select(c => c.Read), [.. components.Select(c => c.Read)]);
        ResultWriter.Write(terminal, format, () => StatusTree.Of(nodes), StatusTree.Lines(nodes),
            () => ResultWriter.List(compositions.Select(c => c.Json).Concat(components.Select(c => c.Json))));
        return ExitCode.Done;
    }

    private async Task<List<(string Name, JsonObject Json, T Read)>> List<T>(
        ResourceType type, JsonTypeInfo<T> json, Func<T, string> shownName, CancellationToken cancellation)
        where T : class
    {
        var client = new ResourceClient<T>(store, type, json);
        var listed = new List<(string, JsonObject, T)>();
        foreach (var item in (await store.List(type, @namespace, cancellation)).Items)
        {
            if (client.TryRead(item, out var problem) is { } read)
                listed.Add((shownName(read), item, read));
            else
                await terminal.Error.WriteLineAsync(ClusterOptions.LeftOut(problem));
        }

        return listed;
    }

    // A child belongs to its Composition, and is shown with it.
    private static string ShownName(Component component) =>
        StandaloneScope.IsStandalone(component) ? component.Metadata.Name : component.Metadata.Controller()!.Name;

    private static string Known(string name, List<string> names) =>
        names.Count == 0 ? ": there are none"
        : NearestName.Hint(name, names) is { Length: > 0 } hint ? hint
        : $"; there are {string.Join(", ", names)}";
}
