namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>The standard output or error cannot be written: the disk is full, or the caller closed it. Not a bug of dorch.</summary>
internal sealed class OutputException(string reason) : Exception(reason)
{
    /// <summary>Reports it if that can be written.</summary>
    public void Report(TextWriter error)
    {
        try
        {
            error.WriteLine($"dorch: cannot write the output: {Message}");
        }
        catch (OutputException)
        {
            // Only the exit code reports it.
        }
    }
}
