using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Tests.References;

/// <summary>
/// Each folder of Templates holds a template as users of External Secrets Operator and Helm write them: in.yaml has it alone and beside our references in
/// one string, out.json has what must reach the API server.
/// </summary>
internal sealed class TemplateCorpus(string folder)
{
    private static readonly string[] Strings = ["alone", "beside"];

    /// <summary>The templates' names.</summary>
    public IReadOnlyList<string> Names { get; } = [.. Directory.GetDirectories(folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    /// <summary>The YAML of one template.</summary>
    public string Yaml(string name) => File.ReadAllText(Path.Combine(folder, name, "in.yaml"));

    /// <summary>The expected result of one template.</summary>
    public JsonObject Expected(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, name, "out.json")))!.AsObject();

    /// <summary>The expected results of all, by the keys that <see cref="Composition"/> gives them.</summary>
    public IReadOnlyDictionary<string, string> All() => Names
        .SelectMany(name => Strings.Select(s => KeyValuePair.Create($"{name}.{s}", (string)Expected(name)[s]!)))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>
    /// A ConfigMap "database" and a Composition "templates" that reads it and applies one ExternalSecret "templates" with all templates, their YAML
    /// verbatim from the files.
    /// </summary>
    public string Composition(string @namespace) => $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: database
          namespace: {{@namespace}}
        data:
          endpoint: db.example.com
          port: "5432"
        ---
        apiVersion: deployment-orchestrator.io/v1alpha1
        kind: Composition
        metadata:
          name: templates
          namespace: {{@namespace}}
        spec:
          components:
            - name: database
              type: config-reader
              config:
                sources:
                  - name: database
                    exports:
                      - key: endpoint
                      - key: port
            - name: pull
              type: manifest
              config:
                manifests:
                  - apiVersion: external-secrets.io/v1beta1
                    kind: ExternalSecret
                    metadata:
                      name: templates
                    spec:
                      target:
                        template:
                          engineVersion: v2
                          data:

        """ + string.Concat(Names.SelectMany(name => Lines(name)));

    // In a block scalar only the indentation beyond the key's counts, so lines may be indented further.
    private IEnumerable<string> Lines(string name) => Yaml(name).TrimEnd('\n').Split('\n').Select(line =>
    {
        var isKey = Strings.Any(s => line.StartsWith($"{s}: ", StringComparison.Ordinal));
        return line.Length == 0 ? "\n" : $"{new string(' ', 20)}{(isKey ? $"{name}." : "")}{line}\n";
    });
}
