using System.Security.Cryptography;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>Namespaces for single tests.</summary>
internal static class Namespaces
{
    private const string Prefix = "test";

    /// <summary>A unique name.</summary>
    public static string Unique(string prefix) => $"{prefix}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";

    /// <summary>Whether a test created the Namespace.</summary>
    public static bool IsATests(string @namespace) => @namespace.StartsWith($"{Prefix}-", StringComparison.Ordinal);

    /// <summary>A new Namespace.</summary>
    public static async Task<string> New(IResourceStore store)
    {
        var name = Unique(Prefix);
        await store.Create(NewResource.Namespace(name), TestContext.Current.CancellationToken);
        return name;
    }
}
