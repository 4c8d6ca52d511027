namespace DeploymentOrchestrator.References;

/// <summary>What a reference does with the type of its value.</summary>
internal enum ReferenceFunction
{
    /// <summary>It stays.</summary>
    None,

    /// <summary><c>| toString</c>: its text; of anything but a string, its JSON.</summary>
    ToText,

    /// <summary><c>| fromJson</c>: what its text says as JSON.</summary>
    FromJson,
}
