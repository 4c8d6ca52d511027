namespace DeploymentOrchestrator.Policies;

/// <summary>The policies as they now are.</summary>
internal interface IPolicySource
{
    /// <summary>Those of a namespace; null while its Namespace was not seen, whose labels decide which they are.</summary>
    NamespacePolicies? Of(string @namespace);
}
