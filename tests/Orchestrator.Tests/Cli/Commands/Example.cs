namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary>A Composition with a value, a secret that needs it, and a folder for its file.</summary>
internal sealed class Example : IDisposable
{
    public const string App = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: database}
        data: {endpoint: db.example.com}
        ---
        apiVersion: deployment-orchestrator.io/v1alpha1
        kind: Composition
        metadata: {name: app}
        spec:
          components:
          - name: credentials
            type: secret-push
            config:
              region: eu-west-1
              secretName: app/credentials
              fields:
                host: {value: "{{ .database.providerStatus.endpoint }}"}
                password: {generator: {passwordLength: 20}}
          - name: database
            type: config-reader
            config: {sources: [{name: database, exports: [{key: endpoint}]}]}

        """;

    public string Folder { get; } = Directory.CreateTempSubdirectory("dorch-up-").FullName;

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
