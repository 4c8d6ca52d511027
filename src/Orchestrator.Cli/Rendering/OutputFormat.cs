namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>What <c>-o</c> takes.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>A <c>v1</c> List as JSON.</summary>
    Json,

    /// <summary>A <c>v1</c> List as YAML.</summary>
    Yaml,
}
