using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Planning;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>One run of <c>dorch down</c>: works out what the files describe without a call, then deletes it.</summary>
internal sealed class DownRun(CommandContext context, ManifestSource source, RunTarget.Aws target, TimeSpan timeout, RunOutput output)
{
    private readonly Terminal terminal = context.Terminal;

    public async Task<int> Run(CancellationToken cancellation)
    {
        await using var cluster = await LocalCluster.Start(target, context.Aws, context.Time, cancellation);
        var failures = new RecentFailures();
        var informers = new ClusterInformers(cluster.Store, context.Time, failures);
        var handlers = Outline(cluster.Handlers(informers, output.Given), cluster);
        var run = new ControllerRun(cluster.Store, informers, handlers, failures, context.Time, new DeletionLines(terminal.Error));
        var loader = new ManifestLoader(source, handlers, output.Given) { IsForDeletion = true };
        return await loader.LoadInto(new ResourceApply(cluster.Store), problems => DiagnosticWriter.Write(problems, terminal), cancellation) is null
            ? ExitCode.Invalid
            : await Delete(cluster, run, cancellation);
    }

    private async Task<int> Delete(LocalCluster cluster, ControllerRun run, CancellationToken cancellation)
    {
        IReadOnlyList<StatusRow> described = [];
        var end = await run.Within(timeout, async token =>
        {
            await run.WhenComplete(token);
            described = run.Rows();
            await DeleteAll(cluster, run, token);
        }, cancellation);
        var left = end.Rows;
        var result = described.Select(row => left.FirstOrDefault(l => l.Id == row.Id) ?? row with { Phase = "Deleted", Message = run.LastEvent(row.Key) });
        var unclear = described.Where(row => !row.IsComposition && row.Phase != Phase.Ready).ToList();
        ResultWriter.Write(
            terminal, output.Format, [.. result], [], await RunResources.Read(cluster.Store, [.. left.Select(l => (l.Type, l.Key))], [], cancellation));
        foreach (var line in Shortfall.NotDeleted(unclear, left, end.IsInTime ? null : timeout, end.Failures))
            await terminal.Error.WriteLineAsync(line);
        return unclear.Count == 0 && left.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task DeleteAll(LocalCluster cluster, ControllerRun run, CancellationToken cancellation)
    {
        var alone = DeletionOrder.Of(run.Components, StandardHandlers.SchemaOf);
        foreach (var composition in run.Compositions)
            await cluster.Store.Delete(ResourceType.Composition, ObjectKey.Of(composition.Metadata), new(), cancellation);
        foreach (var component in alone)
        {
            await cluster.Store.Delete(ResourceType.Component, ObjectKey.Of(component.Metadata), new(), cancellation);
            await run.WhenComplete(cancellation);
        }

        await run.WhenComplete(cancellation);
    }

    private static HandlerRegistry Outline(HandlerRegistry handlers, LocalCluster cluster) => new(handlers.Names.Select(name => handlers.Find(name)!)
        .Select(handler => handler.Name == HandlerNames.SecretPush ? new SecretOutline(handler, cluster.Clients.DefaultRegion) : handler));
}
