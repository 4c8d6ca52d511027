namespace DeploymentOrchestrator.References;

/// <summary>The type that a place of a config takes for certain.</summary>
public enum PlaceType
{
    /// <summary>Any, or nobody knows.</summary>
    Any,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,
}
