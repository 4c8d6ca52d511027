using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Kubernetes;

/// <summary>Where a cluster's address is looked up, and the message when none is found.</summary>
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

    [Theory]
    [InlineData("", "it is empty, or not a kubeconfig")]
    [InlineData("# only a comment\n", "it is empty, or not a kubeconfig")]
    [InlineData("some text", "it is empty, or not a kubeconfig")]
    [InlineData("current-context: t\ncontexts:\n-\n", "it is empty, or not a kubeconfig")]
    [InlineData("current-context: t\ncontexts: [{name: t, context: {cluster: t}}]\nclusters:\n", "it is empty, or not a kubeconfig")]
    [InlineData("current-context: t\ncontexts: [{name: t, context: {cluster: t}}]\nclusters: [{name: u, cluster: {server: http://a}}]\n",
        "it has no cluster of the name that the context names")]
    [InlineData("contexts: {}\n", "invalid kubeconfig: line 1, column 11 cannot be read")]
    [InlineData("a: b\n---\nc: d\n", "invalid kubeconfig: line 2, column 1 cannot be read")]
    public void A_file_that_is_not_a_kubeconfig_is_refused(string text, string said) => Says(text, said);

    [Fact]
    public void A_folder_in_place_of_a_kubeconfig_is_refused() => Assert.Equal(
        $"kubeconfig {AppContext.BaseDirectory}: is a folder: name the file in it",
        Refused(() => ClusterAccess.Kubeconfig(AppContext.BaseDirectory).Read()).Message);

    [Theory]
    [InlineData("client-certificate: /nobody/tls.crt, client-key: /nobody/tls.key", "/nobody/tls.")]
    [InlineData("client-certificate-data: aGk=, client-key-data: aGk=", "certificate")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-command}", "no-such-command")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1, command: echo, args: [hello]}", "external exec failed")]
    public void Credentials_that_cannot_be_read_are_refused(string user, string said) => Says(
        "current-context: t\ncontexts: [{name: t, context: {cluster: t, user: t}}]\nclusters: [{name: t, cluster: {server: 'https://127.0.0.1:1'}}]\n"
        + $"users: [{{name: t, user: {{{user}}}}}]\n", said);

    [Theory]
    [InlineData("10.0.0.1", "none")]
    [InlineData("10.0.0.1", "99999")]
    [InlineData("two words", "443")]
    public void A_Pod_without_the_address_of_its_server_is_refused(string host, string port) => Assert.Contains(
        $"{host}, {port}",
        Refused(() => ClusterAccess.Default(null, null, Environment(("KUBERNETES_SERVICE_HOST", host), ("KUBERNETES_SERVICE_PORT", port)))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_KUBECONFIG_of_separators_alone_is_refused() =>
        Refused(() => ClusterAccess.Default(null, null, Environment(("KUBECONFIG", $"{Path.PathSeparator}"))));

    private static void Says(string text, string said)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            var message = Refused(() => new ApiServer(ClusterAccess.Kubeconfig(path), new(), TimeProvider.System)).Message;
            Assert.StartsWith($"kubeconfig {path}: ", message, StringComparison.Ordinal);
            Assert.Contains(said, message, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static ResourceException Refused(Func<object> read)
    {
        var refusal = Assert.Throws<ResourceException>(read);
        Assert.Equal(ResourceError.Invalid, refusal.Error);
        return refusal;
    }

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        name => variables.FirstOrDefault(v => v.Name == name).Value;
}
