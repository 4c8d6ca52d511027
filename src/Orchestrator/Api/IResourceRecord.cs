namespace DeploymentOrchestrator.Api;

/// <summary>A record that represents a whole resource.</summary>
internal interface IResourceRecord
{
    /// <summary>Its metadata.</summary>
    ObjectMeta Metadata { get; }

    /// <summary>Packs its JSON into text, which takes less memory and reads the same.</summary>
    /// <returns>The bytes of its packed JSON.</returns>
    int Pack();
}
