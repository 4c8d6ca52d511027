using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>One run of <c>dorch down</c>: works out, without a call, what the files stand for, then deletes it.</summary>
internal sealed class DownRun(CommandContext context)
{
    private readonly Terminal terminal = context.Terminal;

    /// <summary>The files.</summary>
    public required ManifestSource Source { get; init; }

    /// <summary>Who we are in AWS.</summary>
    public required RunTarget.Aws Target { get; init; }

    /// <summary>How long it may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>What the standard output gets.</summary>
    public required OutputFormat Format { get; init; }

    /// <summary>Runs and returns the exit code.</summary>
    public async Task<int> Run(CancellationToken cancellation)
    {
        try
        {
            await using var cluster = await LocalCluster.Start(Target, context.Aws, context.Time, cancellation);
            var files = await new ManifestLoader(Source, cluster.Handlers(() => [], () => [])) { IsForDeletion = true }.LoadAsync(cancellation);
            DiagnosticWriter.Write(files.Diagnostics, terminal);
            if (files.HasErrors)
                return ExitCode.Invalid;
            var refused = await new ResourceApply(cluster.Store).Apply(files.Resources, cancellation);
            DiagnosticWriter.Write(refused, terminal);
            return refused.Count > 0 ? ExitCode.Invalid : await Delete(cluster, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await terminal.Error.WriteLineAsync("dorch: interrupted");
            return ExitCode.Interrupted;
        }
    }

    private async Task<int> Delete(LocalCluster cluster, CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource();
        using var timer = LongTimer.Cancel(over, context.Time, Timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
        var isInTime = true;
        IReadOnlyList<StatusRow> outline = [];
        IReadOnlyList<StatusRow> left;
        IReadOnlyList<StatusRow> result;
        IReadOnlyList<string> failures;
        await using (var view = new DeletionLines(terminal.Error))
        await using (var run = new ControllerRun(cluster, view, (components, compositions) => Outline(cluster, components, compositions)))
        {
            try
            {
                await run.WhenSettled(either.Token);
                outline = run.Rows();
                await Delete(cluster, run, either.Token);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                isInTime = false;
            }

            await run.ShowSettled();
            (left, failures) = (run.Rows(), run.Failures.Lines);
            result = [.. outline.Select(row => left.FirstOrDefault(l => l.Id == row.Id) ?? row with { Phase = "Deleted", Message = run.LastEvent(row.Key) })];
        }

        var unclear = outline.Where(row => !row.IsComposition && row.Phase != Phase.Ready).ToList();
        ResultWriter.Write(terminal, Format, result, [], await RunResources.Read(cluster.Store, [.. left.Select(l => (l.Type, l.Key))], [], cancellation));
        foreach (var line in NotDeleted.Lines(unclear, left, isInTime ? null : Timeout, failures))
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
            handler.Name == SecretPushHandler.HandlerName ? new SecretOutline(handler, cluster.Clients) : handler));
    }
}
