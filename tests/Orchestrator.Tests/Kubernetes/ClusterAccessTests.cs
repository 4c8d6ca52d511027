using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Kubernetes;

/// <summary>Where a cluster is looked for, and what is said where none is found.</summary>
public sealed class ClusterAccessTests
{
    [Fact]
    public void A_given_kubeconfig_comes_first()
    {
        var refusal = Refused(() => ClusterAccess.Default("given.yaml", null, Environment(("KUBECONFIG", "other.yaml"))).Read());

        Assert.Contains("given.yaml", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KUBECONFIG_comes_before_the_Pod()
    {
        var refusal = Refused(() => ClusterAccess.Default(
            null, null, Environment(("KUBECONFIG", "listed.yaml"), ("KUBERNETES_SERVICE_HOST", "10.0.0.1"), ("KUBERNETES_SERVICE_PORT", "443"))).Read());

        Assert.Contains("listed.yaml", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_of_several_files_is_refused() =>
        Refused(() => ClusterAccess.Default(null, "prod", Environment(("KUBECONFIG", $"a.yaml{Path.PathSeparator}b.yaml"))));

    [Fact]
    public void Without_access_to_a_cluster_the_message_lists_the_ways_to_get_it() =>
        Assert.Contains("--kubeconfig", Refused(() => ClusterAccess.Default(null, null, Environment(("HOME", "/nobody")))).Message, StringComparison.Ordinal);

    private static ResourceException Refused(Func<object> read)
    {
        var refusal = Assert.Throws<ResourceException>(read);
        Assert.Equal(ResourceError.Invalid, refusal.Error);
        return refusal;
    }

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        name => variables.FirstOrDefault(v => v.Name == name).Value;
}
