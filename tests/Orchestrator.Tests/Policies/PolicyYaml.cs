using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.Tests.Cli.Manifests;

namespace DeploymentOrchestrator.Tests.Policies;

/// <summary>SecretPolicies as people write them.</summary>
internal static class PolicyYaml
{
    /// <summary>The object of a policy with this spec, in YAML's flow style.</summary>
    public static JsonObject Object(string spec, string name = "team-b") =>
        (JsonObject)YamlText.Read(
            $"apiVersion: deployment-orchestrator.io/v1alpha1\nkind: SecretPolicy\nmetadata: {{name: {name}}}\nspec: {spec}\n", out _).Single()!;

    /// <summary>A policy and its problems.</summary>
    public static (SecretPolicy Policy, IReadOnlyList<Problem> Problems) Read(string spec, string name = "team-b")
    {
        var problems = new List<Problem>();
        return (SecretPolicyReader.Read(name, Object(spec, name), problems), problems);
    }

    /// <summary>A policy without problems.</summary>
    public static SecretPolicy Valid(string spec, string name = "team-b")
    {
        var (policy, problems) = Read(spec, name);
        Assert.Equal([], problems);
        return policy;
    }
}
