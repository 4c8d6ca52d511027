using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>A cluster with an operator that enforces SecretPolicies, two namespaces of different teams in it, and a Secrets Manager.</summary>
internal interface IEscapeWorld : IAsyncDisposable
{
    /// <summary>The store with all rights: an administrator, a backup tool, or an external handler.</summary>
    IResourceStore Platform { get; }

    /// <summary>The store with the tenant's rights: to write Components and Compositions in one namespace.</summary>
    IResourceStore Tenant { get; }

    /// <summary>The tenant's namespace.</summary>
    string Namespace { get; }

    /// <summary>The namespace of the team whose secrets the tenant must not reach.</summary>
    string Neighbour { get; }

    /// <summary>The unique prefix of the names of all secrets of this world.</summary>
    string Prefix { get; }

    /// <summary>The cluster's id, which no message may contain.</summary>
    string ClusterId { get; }

    SecretsManagerServer SecretsManager { get; }

    /// <summary>Ends when the operator has nothing left to do in both namespaces.</summary>
    Task Quiet();

    /// <summary>The events of the tenant's Components, with their messages.</summary>
    Task<IReadOnlyList<string>> Events();
}
