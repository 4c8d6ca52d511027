namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>The exit codes of the program.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Something failed, or did not finish in time.</summary>
    public const int Failed = 1;

    /// <summary>The files or the command line are wrong, and nothing was done.</summary>
    public const int Invalid = 2;

    /// <summary>An error of the program itself.</summary>
    /// <remarks>EX_SOFTWARE of sysexits.h.</remarks>
    public const int Unexpected = 70;

    /// <summary>Ended by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;

    /// <summary>The exit codes as the help shows them.</summary>
    public static readonly IReadOnlyList<string> Help =
    [
        "0    success",
        "1    something failed, or did not finish in time",
        "2    invalid files or usage; nothing was done",
        "70   internal error: a bug in dorch",
        "130  interrupted",
    ];
}
