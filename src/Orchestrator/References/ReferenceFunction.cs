namespace DeploymentOrchestrator.References;

/// <summary>How a reference converts its value.</summary>
internal enum ReferenceFunction
{
    /// <summary>It keeps its type.</summary>
    None,

    /// <summary><c>| toString</c>: its text; of anything but a string, its JSON.</summary>
    ToText,

    /// <summary><c>| fromJson</c>: its text, parsed as JSON.</summary>
    FromJson,
}
