using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>One run of <c>dorch up</c>.</summary>
internal sealed class UpRun(CommandContext context)
{
    private static readonly TimeSpan LookAtFilesEvery = TimeSpan.FromMilliseconds(500);

    private readonly Terminal terminal = context.Terminal;

    /// <summary>The files.</summary>
    public required ManifestSource Source { get; init; }

    /// <summary>The Secrets Manager.</summary>
    public required RunTarget Target { get; init; }

    /// <summary>How long it may take until everything is Ready, then it ends; null follows the files until interrupted.</summary>
    public required TimeSpan? Timeout { get; init; }

    /// <summary>What the standard output gets.</summary>
    public required OutputFormat Format { get; init; }

    /// <summary>Runs and returns the exit code.</summary>
    public async Task<int> Run(CancellationToken cancellation)
    {
        try
        {
            await using var cluster = await LocalCluster.Start(Target, context.Aws, context.Time, cancellation);
            var loader = new ManifestLoader(Source, cluster.Handlers(() => [], () => []));
            var files = await loader.LoadAsync(cancellation);
            DiagnosticWriter.Write(files.Diagnostics, terminal);
            if (files.HasErrors)
                return ExitCode.Invalid;

            // Before anything is called: what the store refuses is wrong in the files, too.
            var resources = new ResourceApply(cluster.Store);
            var refused = await resources.Apply(files.Resources, cancellation);
            DiagnosticWriter.Write(refused, terminal);
            if (refused.Count > 0)
                return ExitCode.Invalid;
            return Timeout is { } timeout
                ? await RunOnce(cluster, resources, timeout, cancellation)
                : await Follow(cluster, resources, loader, files, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            if (Timeout is not null)
                await terminal.Error.WriteLineAsync("dorch: interrupted");
            return ExitCode.Interrupted;
        }
        catch (IOException e) when (Target is RunTarget.Embedded)
        {
            await terminal.Error.WriteLineAsync($"dorch: the embedded Secrets Manager cannot listen: {e.Message}");
            return ExitCode.Failed;
        }
    }

    private async Task<int> RunOnce(LocalCluster cluster, ResourceApply resources, TimeSpan timeout, CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource();
        using var timer = LongTimer.Cancel(over, context.Time, timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
        bool isReady;
        var isInTime = true;
        IReadOnlyList<StatusRow> rows;
        IReadOnlyList<Api.Component> components;
        IReadOnlyList<string> failures;
        await using (var view = View())
        await using (var run = new ControllerRun(cluster, view))
        {
            try
            {
                isReady = (await run.WhenSettled(either.Token)).IsReady;
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                isReady = isInTime = false;
            }

            await run.ShowSettled();
            (rows, components, failures) = (run.Rows(), run.Components, run.Failures.Lines);
        }

        var access = cluster.Endpoint is { } endpoint ? new SecretAccess(endpoint, EndsWithProgram: true) : SecretAccess.Aws;
        ResultWriter.Write(
            terminal, Format, rows, SecretSummary.Lines(components, access), await RunResources.Read(cluster.Store, resources.Applied, components, cancellation));
        if (isReady)
            return ExitCode.Done;
        foreach (var line in NotReady.Lines(rows, isInTime ? null : timeout, failures))
            await terminal.Error.WriteLineAsync(line);
        return ExitCode.Failed;
    }

    private async Task<int> Follow(LocalCluster cluster, ResourceApply resources, ManifestLoader loader, ManifestSet files, CancellationToken cancellation)
    {
        await using var view = View();
        // Before the controllers start: what they do first comes after it.
        view.Note(cluster.Endpoint is { } endpoint
            ? $"Secrets Manager is at {endpoint.GetLeftPart(UriPartial.Authority)}; following the files until Ctrl-C"
            : "following the files until Ctrl-C");
        await using var run = new ControllerRun(cluster, view);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var tasks = (Task[])
        [
            ShowResults(cluster, run, resources, either.Token),
            ApplyChanges(run, resources, loader, files, either.Token),
        ];
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

    private async Task ShowResults(LocalCluster cluster, ControllerRun run, ResourceApply resources, CancellationToken cancellation)
    {
        var access = new SecretAccess(cluster.Endpoint);
        IReadOnlyList<StatusRow> shown = [];
        while (true)
        {
            await run.WhenSettled(cancellation);
            var (rows, components) = (run.Rows(), run.Components);
            var summary = SecretSummary.Lines(components, access);
            await run.ShowSettled();
            if (!rows.SequenceEqual(shown))
                ResultWriter.Write(terminal, Format, rows, summary, await RunResources.Read(cluster.Store, resources.Applied, components, cancellation));
            shown = rows;
            await run.WhenChanged(cancellation);
        }
    }

    private async Task ApplyChanges(ControllerRun run, ResourceApply resources, ManifestLoader loader, ManifestSet valid, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(LookAtFilesEvery, context.Time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            try
            {
                valid = await ApplyChange(run, resources, loader, valid, cancellation);
            }
            // One save that nobody foresaw ends nothing: the next may be right, and what runs keeps running.
            catch (Exception e) when (e is not OperationCanceledException)
            {
                await run.Note(UnexpectedError.Line(e, "the look at the changed files, and everything stays as it is"));
            }
        }
    }

    private static async Task<ManifestSet> ApplyChange(
        ControllerRun run, ResourceApply resources, ManifestLoader loader, ManifestSet valid, CancellationToken cancellation)
    {
        if (loader.LoadIfChanged() is { } files)
        {
            foreach (var diagnostic in files.Diagnostics)
                await run.Note(diagnostic.ToString());
            await run.Note(files.HasErrors ? "the files changed and are not valid: everything stays as it is" : "the files changed");
            if (files.HasErrors)
                return valid;
            valid = files;
        }
        else if (!await resources.IsAnythingMissing(cancellation))
            return valid;

        foreach (var refused in await resources.Apply(valid.Resources, cancellation))
            await run.Note(refused.ToString());
        return valid;
    }

    private IProgressView View() => terminal.IsErrorInteractive ? new LiveTable(terminal) : new ChangeLines(terminal.Error);
}
