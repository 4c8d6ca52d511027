using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>One run of <c>dorch down</c>: works out what the files describe without a call, then deletes it.</summary>
internal sealed class DownRun(CommandContext context, ManifestSource source, RunTarget.Aws target, TimeSpan timeout, OutputFormat format)
{
    private readonly Terminal terminal = context.Terminal;

    /// <summary>Runs and returns the exit code.</summary>
    public async Task<int> Run(CancellationToken cancellation)
    {
        await using var cluster = await LocalCluster.Start(target, context.Aws, context.Time, cancellation);
        var loader = new ManifestLoader(source, cluster.Handlers(() => [], () => [])) { IsForDeletion = true };
        return await loader.LoadInto(new ResourceApply(cluster.Store), Print, cancellation) is null
            ? ExitCode.Invalid
            : await Delete(cluster, cancellation);
    }

    private async Task<int> Delete(LocalCluster cluster, CancellationToken cancellation)
    {
        IReadOnlyList<StatusRow> described = [];
        IReadOnlyList<StatusRow> left;
        IReadOnlyList<StatusRow> result;
        IReadOnlyList<string> failures;
        bool isInTime;
        await using (var view = new DeletionLines(terminal.Error))
        await using (var run = new ControllerRun(cluster, view, (components, compositions) => Outline(cluster, components, compositions)).Start())
        {
            isInTime = await TimeLimit.Within(timeout, context.Time, async token =>
            {
                await run.WhenSettled(token);
                described = run.Rows();
                await Delete(cluster, run, token);
            }, cancellation);
            await run.ShowSettled();
            (left, failures) = (run.Rows(), run.Failures.Lines);
            result = [.. described.Select(row => left.FirstOrDefault(l => l.Id == row.Id) ?? row with { Phase = "Deleted", Message = run.LastEvent(row.Key) })];
        }

        var unclear = described.Where(row => !row.IsComposition && row.Phase != Phase.Ready).ToList();
        ResultWriter.Write(terminal, format, result, [], await RunResources.Read(cluster.Store, [.. left.Select(l => (l.Type, l.Key))], [], cancellation));
        foreach (var line in Shortfall.NotDeleted(unclear, left, isInTime ? null : timeout, failures))
            await terminal.Error.WriteLineAsync(line);
        return unclear.Count == 0 && left.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task Delete(LocalCluster cluster, ControllerRun run, CancellationToken cancellation)
    {
        var alone = DeletionOrder.Of(run.Components);
        foreach (var composition in run.Compositions)
            await cluster.Store.Delete(ResourceType.Composition, ObjectKey.Of(composition.Metadata), new(), cancellation);
        foreach (var component in alone)
        {
            await cluster.Store.Delete(ResourceType.Component, ObjectKey.Of(component.Metadata), new(), cancellation);
            await run.WhenSettled(cancellation);
        }

        await run.WhenSettled(cancellation);
    }

    private static HandlerRegistry Outline(LocalCluster cluster, Func<IEnumerable<Component>> components, Func<IEnumerable<Composition>> compositions)
    {
        var handlers = cluster.Handlers(components, compositions);
        return new(handlers.Names.Select(name => handlers.Find(name)!).Select(handler =>
            handler.Name == SecretPushConfig.HandlerName ? new SecretOutline(handler, cluster.Clients) : handler));
    }

    private void Print(IEnumerable<Diagnostic> problems) => DiagnosticWriter.Write(problems, terminal);
}
