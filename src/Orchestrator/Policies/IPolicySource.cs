namespace DeploymentOrchestrator.Policies;

/// <summary>The current policies.</summary>
internal interface IPolicySource
{
    /// <summary>The policies of a namespace; null until its Namespace, whose labels select them, was seen.</summary>
    NamespacePolicies? Of(string @namespace);
}
