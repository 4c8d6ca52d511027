namespace DeploymentOrchestrator.References;

/// <summary>The certain type of a place in a config.</summary>
public enum PlaceType
{
    /// <summary>Any, or unknown.</summary>
    Any,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,
}
