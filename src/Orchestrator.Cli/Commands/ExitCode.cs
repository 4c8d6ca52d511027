using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>What the program ends with.</summary>
internal static class ExitCode
{
    /// <summary>Everything is Ready; all that was asked for is done.</summary>
    public const int Done = 0;

    /// <summary>Something failed, or was not done in time.</summary>
    public const int Failed = 1;

    /// <summary>The files or the command line are wrong, and nothing was done.</summary>
    public const int Invalid = 2;

    /// <summary>An error of the program itself.</summary>
    /// <remarks>EX_SOFTWARE of sysexits.h.</remarks>
    public const int Unexpected = 70;

    /// <summary>Ended by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;

    /// <summary>What a cluster's refusal ends with: a kubeconfig that cannot be read is a wrong command line.</summary>
    public static int Of(ResourceException refusal) => refusal.Error == ResourceError.Invalid ? Invalid : Failed;

    /// <summary>The same for people.</summary>
    public static readonly IReadOnlyList<string> Help =
    [
        "0    everything is Ready",
        "1    something failed, or was not done in time",
        "2    invalid files or usage; nothing was done",
        "70   an error of dorch itself",
        "130  interrupted",
    ];
}
