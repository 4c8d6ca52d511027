using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>One run of <c>dorch status</c>: it lists both kinds and calls nothing else.</summary>
/// <param name="context">What the command has from the process.</param>
/// <param name="query">What to show.</param>
internal sealed class StatusRun(CommandContext context, StatusQuery query)
{
    private readonly Terminal terminal = context.Terminal;

    /// <summary>Runs and returns the exit code.</summary>
    public async Task<int> Run(CancellationToken cancellation)
    {
        try
        {
            using var cluster = context.FindCluster(query.Kubeconfig, query.Context, context.Time);
            var @namespace = query.IsAllNamespaces ? null : query.Namespace ?? cluster.Namespace;
            var compositions = await List(cluster.Store, ResourceType.Composition, ApiJson.Default.Composition, @namespace, cancellation);
            var components = await List(cluster.Store, ResourceType.Component, ApiJson.Default.Component, @namespace, cancellation);
            return await Show(new(compositions, components), @namespace);
        }
        catch (ResourceException e)
        {
            await terminal.Error.WriteLineAsync($"dorch: {ClusterProblem.Text(e)}");
            return ExitCode.Of(e);
        }
    }

    private async Task<IReadOnlyList<Listed<T>>> List<T>(
        IResourceStore store, ResourceType type, JsonTypeInfo<T> json, string? @namespace, CancellationToken cancellation)
        where T : class
    {
        var client = new ResourceClient<T>(store, type, json);
        var listed = new List<Listed<T>>();
        foreach (var item in (await store.List(type, @namespace, cancellation)).Items)
        {
            if (client.TryRead(item, out var problem) is { } read)
                listed.Add(new(item, read));
            else
                await terminal.Error.WriteLineAsync($"dorch: {ClusterProblem.LeftOut(problem)}");
        }

        return listed;
    }

    private async Task<int> Show(Selection store, string? @namespace)
    {
        var where = @namespace is null ? "in any namespace" : $"in the namespace {@namespace}";
        var missing = query.Names.Where(name => !store.Names.Contains(name, StringComparer.Ordinal)).ToList();
        if (missing.Count > 0)
        {
            foreach (var name in missing)
                await terminal.Error.WriteLineAsync($"dorch: no Composition or standalone Component is named \"{name}\" {where}{Known(name, store.Names)}");
            return ExitCode.Failed;
        }

        var chosen = query.Names.Count == 0 ? store : store.Only(query.Names);
        if (query.Format == OutputFormat.Table && chosen.IsEmpty)
        {
            await terminal.Error.WriteLineAsync($"dorch: there are no Compositions or Components {where}");
            return ExitCode.Done;
        }

        var nodes = query.Format == OutputFormat.Table ? new StatusGraph(context.Time.GetUtcNow(), @namespace is null)
            .Of(chosen.Compositions, chosen.Components) : [];
        ResultWriter.Write(terminal, query.Format, () => StatusTree.Of(nodes), StatusTree.Lines(nodes), () => ResourceOutput.List(chosen.Resources));
        return ExitCode.Done;
    }

    private static string Known(string name, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return ": there are none";
        var hint = NearestName.Hint(name, names);
        return hint.Length > 0 ? hint : $"; there are {string.Join(", ", names)}";
    }

    private sealed record Listed<T>(JsonObject Json, T Read);

    // A child belongs to its Composition, and is shown with it.
    private sealed record Selection(IReadOnlyList<Listed<Composition>> OfCompositions, IReadOnlyList<Listed<Component>> OfComponents)
    {
        public bool IsEmpty => OfCompositions.Count + OfComponents.Count == 0;

        public IReadOnlyList<string> Names =>
        [
            .. OfCompositions.Select(c => c.Read.Metadata.Name)
                .Concat(OfComponents.Select(c => Shown(c.Read)))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];

        public IEnumerable<Composition> Compositions => OfCompositions.Select(c => c.Read);

        public IReadOnlyList<Component> Components => [.. OfComponents.Select(c => c.Read)];

        public IEnumerable<JsonObject> Resources => OfCompositions.Select(c => c.Json).Concat(OfComponents.Select(c => c.Json));

        public Selection Only(IReadOnlyList<string> names) => new(
            [.. OfCompositions.Where(c => names.Contains(c.Read.Metadata.Name, StringComparer.Ordinal))],
            [.. OfComponents.Where(c => names.Contains(Shown(c.Read), StringComparer.Ordinal))]);

        private static string Shown(Component component) =>
            StandaloneScope.IsStandalone(component) ? component.Metadata.Name : component.Metadata.Controller()!.Name;
    }
}

/// <summary>What <c>dorch status</c> is to show.</summary>
/// <param name="Names">Compositions and standalone Components; all where it is empty.</param>
/// <param name="Namespace">The namespace; null for the context's.</param>
/// <param name="IsAllNamespaces">All namespaces instead of one.</param>
/// <param name="Kubeconfig">The kubeconfig file; null for the default.</param>
/// <param name="Context">Its context; null for its current one.</param>
/// <param name="Format">What the standard output gets.</param>
internal sealed record StatusQuery(
    IReadOnlyList<string> Names, string? Namespace, bool IsAllNamespaces, string? Kubeconfig, string? Context, OutputFormat Format);
