namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>External Secrets Operator's CRD, trimmed to what the examples need. The tests simulate its controller.</summary>
internal static class ExternalSecretCrd
{
    public const string Yaml = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: externalsecrets.external-secrets.io
        spec:
          group: external-secrets.io
          scope: Namespaced
          names:
            kind: ExternalSecret
            listKind: ExternalSecretList
            plural: externalsecrets
            singular: externalsecret
          versions:
            - name: v1beta1
              served: true
              storage: true
              subresources:
                status: {}
              schema:
                openAPIV3Schema:
                  type: object
                  properties:
                    spec:
                      type: object
                      x-kubernetes-preserve-unknown-fields: true
                    status:
                      type: object
                      x-kubernetes-preserve-unknown-fields: true
        """;

    /// <summary>The same, with these versions; one of them is the stored one.</summary>
    public static string Serving(params (string Name, bool Served, bool Storage)[] versions)
    {
        var start = Yaml.IndexOf("    - name: v1beta1", StringComparison.Ordinal);
        return Yaml[..start] + string.Join('\n', versions.Select(v => Yaml[start..]
            .Replace("v1beta1", v.Name, StringComparison.Ordinal)
            .Replace("served: true", v.Served ? "served: true" : "served: false", StringComparison.Ordinal)
            .Replace("storage: true", v.Storage ? "storage: true" : "storage: false", StringComparison.Ordinal)));
    }
}
