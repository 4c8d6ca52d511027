namespace DeploymentOrchestrator.Resources;

/// <summary>The account whose rights apply.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
public sealed record ServiceAccount(string Namespace, string Name)
{
    /// <summary>Its user name in the API server.</summary>
    public string User => $"system:serviceaccount:{Namespace}:{Name}";

    /// <inheritdoc/>
    public override string ToString() => $"ServiceAccount {Namespace}/{Name}";
}
