using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Resources;

public abstract partial class ResourceStoreContract
{
    [Theory]
    [InlineData("v1", "ConfigMap", true)]
    [InlineData("apps/v1", "Deployment", true)]
    [InlineData("deployment-orchestrator.io/v1alpha1", "Component", true)]
    [InlineData("v1", "Namespace", false)]
    [InlineData("rbac.authorization.k8s.io/v1", "ClusterRole", false)]
    [InlineData("rbac.authorization.k8s.io/v1", "Role", true)]
    [InlineData("apiextensions.k8s.io/v1", "CustomResourceDefinition", false)]
    public async Task A_kind_is_namespaced_or_cluster_scoped(string apiVersion, string kind, bool isNamespaced) =>
        Assert.Equal(isNamespaced, await Store.IsNamespaced(ResourceType.Of(apiVersion, kind), Cancellation));

    [Fact]
    public async Task An_identity_with_all_rights_lacks_none() =>
        Assert.Empty(
            (await Store.MissingRights(ResourceType.ConfigMap, new(await NewNamespace(), "a"), ["get", "list", "watch", "create", "patch", "delete"],
            Cancellation)).Verbs);
}
