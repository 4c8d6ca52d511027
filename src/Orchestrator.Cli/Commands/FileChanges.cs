using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Running;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>Applies what changes in the files while the controllers run, and applies again what is deleted from the store.</summary>
internal sealed class FileChanges(ControllerRun run, ResourceApply apply, ManifestLoader loader, TimeProvider time)
{
    private static readonly TimeSpan ReadFilesEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Follows the files until cancelled.</summary>
    /// <param name="valid">The files as applied.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task Follow(ManifestSet valid, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(ReadFilesEvery, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            try
            {
                valid = await Apply(valid, cancellation);
            }
            // A file that causes an unexpected error does not end the run: the next save may be right.
            catch (Exception e) when (e is not OperationCanceledException)
            {
                await run.Note(UnexpectedError.Line(e, "reading the changed files; nothing was changed"));
            }
        }
    }

    private async Task<ManifestSet> Apply(ManifestSet valid, CancellationToken cancellation)
    {
        if (loader.LoadIfChanged() is { } files)
        {
            foreach (var diagnostic in files.Diagnostics)
                await run.Note(diagnostic.ToString());
            await run.Note(files.HasErrors ? "the files changed and are invalid: nothing was changed" : "the files changed");
            if (files.HasErrors)
                return valid;
            valid = files;
        }
        else if (!await apply.IsAnythingMissing(cancellation))
            return valid;

        foreach (var refused in await apply.Apply(valid.Resources, cancellation))
            await run.Note(refused.ToString());
        return valid;
    }
}
