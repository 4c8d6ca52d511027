namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>Programs that a machine may or may not have.</summary>
internal static class Tools
{
    /// <summary>Whether a program is on PATH.</summary>
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
