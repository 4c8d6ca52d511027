using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Validation;

/// <summary>Reads a SecretPolicy and reports every problem.</summary>
internal static class SecretPolicyValidator
{
    /// <summary>Every problem of a SecretPolicy resource, with paths from its root.</summary>
    public static IReadOnlyList<Problem> Validate(JsonObject resource)
    {
        var problems = new List<Problem>();
        var root = new ObjectReader(resource, "", problems, mayHoldReferences: false);
        ComponentReader.ReadObjectHead(root);
        if (JsonText.Of(resource["metadata"], "namespace") is not null)
            root.Add("metadata.namespace", "a SecretPolicy is cluster-scoped: take the namespace out, and name namespaces in spec.namespaces");
        SecretPolicyReader.Read(JsonText.Of(resource["metadata"], "name") ?? "", resource, problems);
        return problems;
    }
}
