using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Planning;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager.Sdk;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>One run of <c>dorch plan</c>: the controllers work in memory on what is there, with handlers that only look.</summary>
internal sealed class PlanRun(CommandContext context)
{
    private readonly Terminal terminal = context.Terminal;

    /// <summary>The files.</summary>
    public required ManifestSource Source { get; init; }

    /// <summary>Whether AWS is asked what is there.</summary>
    public required bool IsAws { get; init; }

    /// <summary>Whether a cluster is.</summary>
    public required bool IsCluster { get; init; }

    /// <summary>The kubeconfig file; null for the default.</summary>
    public required string? Kubeconfig { get; init; }

    /// <summary>Its context; null for its current one.</summary>
    public required string? KubeconfigContext { get; init; }

    /// <summary>Who we are in AWS; null for the cluster itself.</summary>
    public required string? ClusterId { get; init; }

    /// <summary>Who we were before the cluster was rebuilt.</summary>
    public IReadOnlyList<string> FormerClusterIds { get; init; } = [];

    /// <summary>The share of AWS's quotas to use at most.</summary>
    public required double QuotaShare { get; init; }

    /// <summary>What the standard output gets.</summary>
    public required OutputFormat Format { get; init; }

    /// <summary>Runs and returns the exit code.</summary>
    public async Task<int> Run(CancellationToken cancellation)
    {
        try
        {
            var files = await new ManifestLoader(Source, LocalCluster.HandlersForValidation(context.Time)).LoadAsync(cancellation);
            DiagnosticWriter.Write(files.Diagnostics, terminal);
            if (files.HasErrors)
                return ExitCode.Invalid;
            using var cluster = IsCluster ? context.FindCluster(Kubeconfig, KubeconfigContext, context.Time) : null;
            return await Plan(files, cluster, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await terminal.Error.WriteLineAsync("dorch: interrupted");
            return ExitCode.Interrupted;
        }
        catch (ResourceException e)
        {
            await terminal.Error.WriteLineAsync($"dorch: {ClusterProblem.Text(e)}");
            return ExitCode.Of(e);
        }
    }

    private async Task<int> Plan(ManifestSet files, ReachedCluster? cluster, CancellationToken cancellation)
    {
        var clusterId = ClusterId ?? await KubeSystemUid(cluster?.Store, cancellation);
        var world = new PlannedWorld(context.Time, cluster?.Store, (type, key) =>
            IsAws && !IsCluster ? LocalCluster.SameUid(clusterId, type, key) : Guid.CreateVersion7(context.Time.GetUtcNow()).ToString());
        var seed = cluster is null ? null : new ClusterSeed(cluster.Store, world);
        if (seed is not null)
            await seed.Run(files.Resources, cluster!.Namespace, cancellation);
        else if (await new ResourceApply(world.Memory).Apply(files.Resources, cancellation) is { Count: > 0 } refused)
        {
            DiagnosticWriter.Write(refused, terminal);
            return ExitCode.Invalid;
        }

        using var clients = new SecretsManagerClients(context.Aws with { QuotaShare = QuotaShare, TimeProvider = context.Time });
        var region = clients.DefaultRegion ?? (IsAws || IsCluster ? null : LocalCluster.EmbeddedRegion);
        var handlers = LocalCluster.HandlersForValidation(context.Time);
        var ours = handlers.Names;
        var scope = new PlanScope(clusterId, FormerClusterIds, cluster?.Store, seed, IsAws ? clients : null, region, handlers);
        var notes = new PlanNotes();
        var state = await PlanningControllers.Run(
            world.Memory,
            (components, compositions) => PlannedHandlers.Create(world, scope, notes, context.Time, components, compositions, Foreign(files, seed, ours)),
            context.Time,
            cancellation);
        var lines =
            Lines(files, seed, state, new(seed?.Before ?? new Dictionary<ObjectKey, Component>(), state, notes, IsCluster, ours), cluster?.Namespace
            ?? "default");

        foreach (var line in Hints().Concat((seed?.Unreadable ?? []).Select(u => $"dorch: {ClusterProblem.LeftOut(u)}")))
            await terminal.Error.WriteLineAsync(line);
        ResultWriter.Write(terminal, Format, () => PlanOutput.Of(lines), PlanOutput.Lines(lines), () => PlanOutput.Json(lines));
        foreach (var failure in state.Failures)
            await terminal.Error.WriteLineAsync($"dorch: {failure}");
        return lines.Any(l => PlanAction.IsBad(l.Action)) || state.Failures.Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static IReadOnlyList<string> Foreign(ManifestSet files, ClusterSeed? seed, IReadOnlyCollection<string> ours)
    {
        var named = files.Resources.SelectMany(r => r.Type == ResourceType.Composition
            ? r.Content["spec"]!["components"]?.AsArray().Select(e => (string?)e!["type"]) ?? []
            : r.Type == ResourceType.Component ? [(string?)r.Content["spec"]!["handler"]] : []);
        var there = (seed?.Before.Values ?? []).SelectMany(c => (string?[])[c.Spec.Handler, ApiGroup.Claimant(c.Metadata)]);
        return [.. named.Concat(there).OfType<string>().Distinct(StringComparer.Ordinal).Except(ours, StringComparer.Ordinal)];
    }

    private static IReadOnlyList<PlanLine> Lines(ManifestSet files, ClusterSeed? seed, PlannedState state, PlanReport report, string defaultNamespace)
    {
        var keys = files.Resources.ToLookup(r => r.Type, r => new ObjectKey(r.Namespace ?? defaultNamespace, r.Name!));
        return
        [
            .. seed?.Lines ?? [],
            .. state.Compositions.Where(c => keys[ResourceType.Composition].Contains(ObjectKey.Of(c.Metadata)))
                .OrderBy(c => c.Metadata.Namespace, StringComparer.Ordinal).ThenBy(c => c.Metadata.Name, StringComparer.Ordinal)
                .SelectMany(report.Of),
            .. report.Of(seed?.Concerned ?? [.. keys[ResourceType.Component]]),
        ];
    }

    private IEnumerable<string> Hints() => (IsAws, IsCluster) switch
    {
        (false, false) => ["dorch: no cluster and no AWS were queried, so everything shows as new: add --aws or --cluster"],
        (false, true) => ["dorch: AWS was not queried, so secrets show as the Components' status has them: add --aws"],
        _ => [],
    };

    private static async Task<string> KubeSystemUid(IResourceStore? cluster, CancellationToken cancellation)
    {
        if (cluster is null)
            return "embedded";
        return (string?)(await cluster.Get(ResourceType.Namespace, new(null, "kube-system"), cancellation))?["metadata"]?["uid"]
            ?? throw new ResourceException(ResourceError.NotFound, "there is no namespace kube-system: say who the cluster is with --cluster-id");
    }
}
