using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Planning;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.Runtime;
using DeploymentOrchestrator.SecretsManager.Sdk;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>One run of <c>dorch plan</c>: the controllers work in memory on the current state, with handlers that only read.</summary>
internal sealed class PlanRun(
    CommandContext context, ManifestSource source, Func<ClusterConnection>? findCluster, AwsAccess aws, bool requiresPolicy, RunOutput output)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Terminal terminal = context.Terminal;

    public async Task<int> Run(CancellationToken cancellation)
    {
        var handlers = LocalCluster.HandlersForValidation(context.Time);
        var files = await new ManifestLoader(source, handlers, output.Given).LoadAsync(cancellation);
        DiagnosticWriter.Write(files.Diagnostics, terminal);
        if (files.HasErrors)
            return ExitCode.Invalid;
        using var cluster = findCluster?.Invoke();
        return await Plan(files, handlers, cluster, cancellation);
    }

    private async Task<int> Plan(ManifestSet files, HandlerRegistry handlers, ClusterConnection? cluster, CancellationToken cancellation)
    {
        var clusterId = aws.ClusterId ?? (cluster is null ? "embedded" : await ClusterConnection.IdOf(cluster.Store, cancellation));
        var uids = new SeededUids((type, key) =>
            aws.IsAsked && cluster is null ? LocalCluster.SameUid(clusterId, type, key) : Guid.CreateVersion7(context.Time.GetUtcNow()).ToString());
        // A cluster knows which kinds are namespaced.
        var store = new InMemoryResourceStore(context.Time, uids.Next, isNamespaced: cluster is null ? null : _ => null);
        var world = new PlannedWorld(store, cluster?.Store, uids);
        var resources = files.Resources.Select(r => r.Content).ToList();
        var seed = cluster is null ? null : new ClusterSeed(cluster.Store, world);
        if (seed is not null)
            await seed.Run(resources, cluster!.Namespace, cancellation);
        else if (await new ResourceApply(store).Apply(files.Resources, cancellation) is { Count: > 0 } refused)
        {
            DiagnosticWriter.Write(refused, terminal);
            return ExitCode.Invalid;
        }

        using var clients = new SecretsManagerClients(context.Aws with { QuotaShare = aws.QuotaShare, TimeProvider = context.Time });
        var region = clients.DefaultRegion ?? (aws.IsAsked || cluster is not null ? null : LocalCluster.EmbeddedRegion);
        var notes = new PlanNotes();
        var (policies, unread) = await PlannedPolicies.Read(
            resources, cluster?.Store, cluster is null ? aws.ClusterId : clusterId, requiresPolicy, cancellation);
        if (policies is not null)
            DiagnosticWriter.Write(Diagnostic.InFileOrder(PolicyCheck.Check(policies, files.Resources)), terminal);
        var planned = new PlannedHandlers(
            world, new(clusterId, aws.FormerClusterIds, SeesAll: seed?.SeesAll ?? !aws.IsAsked), seed, aws.IsAsked ? clients : null, region, handlers,
            Foreign(files, seed, handlers.Names), policies, output.Given, notes, context.Time);
        var end = await RunControllers(store, planned, cancellation);
        var lines = new PlanReport(seed, end.Compositions, end.Components, notes, handlers.Names)
            .Of(files.Resources.Select(r => (r.Type, new ObjectKey(r.Namespace ?? cluster?.Namespace ?? "default", r.Name!))));

        foreach (var line in Hints(cluster is not null, unread).Concat((seed?.Unreadable ?? []).Select(ClusterOptions.LeftOut)))
            await terminal.Error.WriteLineAsync(line);
        ResultWriter.Write(terminal, output.Format, () => PlanOutput.Of(lines), PlanOutput.Lines(lines), () => PlanOutput.Json(lines));
        foreach (var failure in end.IsInTime ? [] : end.Failures.Prepend("the plan could not be worked out to its end"))
            await terminal.Error.WriteLineAsync($"dorch: {failure}");
        return lines.Any(l => PlanAction.IsBad(l.Action)) || !end.IsInTime ? ExitCode.Failed : ExitCode.Done;
    }

    private Task<RunEnd> RunControllers(InMemoryResourceStore store, PlannedHandlers planned, CancellationToken cancellation)
    {
        var failures = new RecentFailures();
        var informers = new ClusterInformers(store, context.Time, failures);
        var run = new ControllerRun(store, informers, planned.Create(informers), failures, context.Time, view: null);
        return run.Within(Timeout, async token =>
        {
            await run.WhenQuiet(token);
            // After two writes at once, the later one is retried after a delay.
            while (run.Compositions.Any(c => NextStep.IsLeft(c, run.Components)))
            {
                await run.WhenChanged(token);
                await run.WhenQuiet(token);
            }
        }, cancellation);
    }

    private static IReadOnlyList<string> Foreign(ManifestSet files, ClusterSeed? seed, IReadOnlyCollection<string> ours)
    {
        var named = files.Resources.SelectMany(r => r.NamedHandlers()).Select(handler => handler.Name);
        var there = (seed?.Before.Values ?? []).SelectMany(c => (string?[])[c.Spec.Handler, ApiGroup.Claimant(c.Metadata)]);
        return [.. named.Concat(there).OfType<string>().Distinct(StringComparer.Ordinal).Except(ours, StringComparer.Ordinal)];
    }

    private IEnumerable<string> Hints(bool isCluster, string? unread)
    {
        if (!aws.IsAsked)
            yield return isCluster ? "dorch: AWS was not queried, so secrets show as the Components' status has them: add --aws"
                : "dorch: no cluster and no AWS were queried, so everything shows as new: add --aws or --cluster";
        if (unread is not null)
            yield return $"dorch: {unread}";
    }
}

/// <summary>
/// Whether and with which identity <c>dorch plan</c> queries AWS: a null id means the cluster's own, and the former ones are from before it was rebuilt.
/// </summary>
internal sealed record AwsAccess(bool IsAsked, string? ClusterId, IReadOnlyList<string> FormerClusterIds, double QuotaShare);
