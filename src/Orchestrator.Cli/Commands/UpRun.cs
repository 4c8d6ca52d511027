using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>One run of <c>dorch up</c>, within a time until everything is Ready; without one it follows the files until interrupted.</summary>
internal sealed class UpRun(CommandContext context, ManifestSource source, RunTarget target, TimeSpan? timeout, RunOutput output)
{
    private static readonly Problem NotEnforced =
        new("", "dorch up enforces no SecretPolicies, since its user is the administrator: dorch plan shows what they deny", IsWarning: true);

    private readonly Terminal terminal = context.Terminal;

    public async Task<int> Run(CancellationToken cancellation)
    {
        try
        {
            await using var cluster = await LocalCluster.Start(target, context.Aws, context.Time, cancellation);
            await using var view = View();
            var failures = new RecentFailures();
            var informers = new ClusterInformers(cluster.Store, context.Time, failures);
            var handlers = cluster.Handlers(informers, output.Given);
            var run = new ControllerRun(cluster.Store, informers, handlers, failures, context.Time, view);
            var loader = new ManifestLoader(source, handlers, output.Given);
            // Before anything is called: a refusal of the store is an error in the files, too.
            var apply = new ResourceApply(cluster.Store);
            if (await loader.LoadInto(apply, problems => DiagnosticWriter.Write(problems, terminal), cancellation) is not { } files)
                return ExitCode.Invalid;
            DiagnosticWriter.Write(files.Resources.Where(r => r.Type == ResourceType.SecretPolicy).Select(r => r.Locate(NotEnforced)), terminal);
            return timeout is { } limit
                ? await RunOnce(cluster, run, view, apply, limit, cancellation)
                : await Follow(cluster, run, view, apply, loader, files, cancellation);
        }
        // Ctrl-C is the way to stop following, so nothing is printed.
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && timeout is null)
        {
            return ExitCode.Interrupted;
        }
        catch (IOException e) when (target is RunTarget.Embedded)
        {
            await terminal.Error.WriteLineAsync(
                $"dorch: the embedded Secrets Manager cannot listen: {e.Message.TrimEnd('.')}; choose another port with --secrets-manager-port");
            return ExitCode.Failed;
        }
    }

    private async Task<int> RunOnce(
        LocalCluster cluster, ControllerRun run, IProgressView view, ResourceApply apply, TimeSpan limit, CancellationToken cancellation)
    {
        var isReady = false;
        RunEnd end;
        await using (view)
            end = await run.Within(limit, async token => isReady = (await run.WhenComplete(token)).IsReady, cancellation);

        var access = cluster.Endpoint is { } endpoint ? new SecretAccess(endpoint, EndsWithProgram: true) : SecretAccess.Aws;
        await WriteResult(cluster, apply, end.Rows, end.Components, access, cancellation);
        if (isReady)
            return ExitCode.Done;
        foreach (var line in Shortfall.NotReady(end.Rows, end.IsInTime ? null : limit, end.Failures))
            await terminal.Error.WriteLineAsync(line);
        return ExitCode.Failed;
    }

    private async Task<int> Follow(
        LocalCluster cluster, ControllerRun run, IProgressView view, ResourceApply apply, ManifestLoader loader, ManifestSet files,
        CancellationToken cancellation)
    {
        // Before the controllers start: their first output comes after it.
        view.Note(cluster.Endpoint is { } endpoint
            ? $"Secrets Manager listens on {endpoint.GetLeftPart(UriPartial.Authority)}; watching the files until Ctrl-C"
            : "watching the files until Ctrl-C");
        await using var started = run.Start();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] tasks = [ShowResults(cluster, run, apply, either.Token), new FileChanges(run, apply, loader, context.Time).Follow(files, either.Token)];
        try
        {
            await await Task.WhenAny(tasks);
        }
        finally
        {
            await either.CancelAsync();
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCode.Interrupted;
    }

    private async Task ShowResults(LocalCluster cluster, ControllerRun run, ResourceApply apply, CancellationToken cancellation)
    {
        IReadOnlyList<StatusRow> shown = [];
        while (true)
        {
            await run.WhenComplete(cancellation);
            var (rows, components) = (run.Rows(), run.Components);
            await run.ShowEnd();
            if (!rows.SequenceEqual(shown))
                await WriteResult(cluster, apply, rows, components, new(cluster.Endpoint), cancellation);
            shown = rows;
            await run.WhenChanged(cancellation);
        }
    }

    private async Task WriteResult(
        LocalCluster cluster, ResourceApply apply, IReadOnlyList<StatusRow> rows, IReadOnlyList<Api.Component> components, SecretAccess access,
        CancellationToken cancellation) =>
        ResultWriter.Write(terminal, output.Format, rows, SecretSummary.Lines(components, access),
            await RunResources.Read(cluster.Store, apply.Applied, components, cancellation));

    private IProgressView View() => terminal.IsErrorInteractive ? new LiveTable(terminal) : new ChangeLines(terminal.Error);
}
