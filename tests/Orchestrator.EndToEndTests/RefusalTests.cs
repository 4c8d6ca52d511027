namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>Invalid input is refused before anything is done, with exit code 2 and a remedy.</summary>
public sealed class RefusalTests
{
    private const string Wrong = """
        apiVersion: deployment-orchestrator.io/v1alpha1
        kind: Composition
        metadata:
          name: wrong
        spec:
          components:
            - name: credentials
              type: secret-push
              config:
                secretNam: myapp/prod/credentials
                updatePolicy: Always
                fields:
                  port:
                    value: 5432
                  password:
                    generator:
                      passwordLength: 4097
                  host:
                    value: "{{ .databse.providerStatus.endpoint }}"
            - name: database
              type: config-reader
              config:
                sources:
                  - name: database
                    exports:
                      - key: endpoint
        """;

    [Fact]
    public async Task Up_and_validate_report_every_problem_with_its_place_and_call_nothing()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("wrong.yaml", Wrong);
        await using var secretsManager = await SecretsManagerProcess.Start();

        var validate = (await Dorch.Run("validate", file)).Exited(2);
        var up = (await Dorch.Run(secretsManager.Environment, "up", file, "--once", "--aws", "--cluster-id", "laptop", "-o", "json")).Exited(2);

        string[] expected =
        [
            $"{file}:10:9: error: spec.components[0].config.secretNam: unknown key \"secretNam\"; did you mean \"secretName\"?",
            $"{file}:11:9: error: spec.components[0].config.updatePolicy: must be IfNotExists or AlwaysUpdate, not \"Always\"",
            $"{file}:14:13: error: spec.components[0].config.fields.port.value: must be a string, not the number 5432: quote it: \"5432\"",
            $"{file}:17:15: error: spec.components[0].config.fields.password.generator.passwordLength: must be a whole number, 1-4096, not the number 4097",
            $"{file}:19:13: error: spec.components[0].config.fields.host.value: {{{{ .databse.providerStatus.endpoint }}}}: the Composition has no "
                + $"component \"databse\"; did you mean \"database\"?",
        ];
        Assert.All(expected, line => Assert.Contains(line, validate.Errors.Split('\n')));
        Assert.Contains($"{file}:9:7: error: spec.components[0].config: \"secretName\" is missing: it must be a string", validate.Errors,
            StringComparison.Ordinal);
        Assert.Equal(validate.Errors, up.Errors);
        Assert.Equal("", up.Output);
        Assert.Empty((await secretsManager.Call("ListSecrets", []))!["SecretList"]!.AsArray());
    }

    [Theory]
    [InlineData("up")]
    [InlineData("up", "examples/myapp", "--aws")]
    [InlineData("down", "examples/myapp")]
    [InlineData("up", "examples/none-of-that-name", "--once")]
    [InlineData("up", "examples/myapp", "--once", "--no-such-option")]
    [InlineData("no-such-command")]
    public async Task Wrong_usage_exits_with_2_and_shows_what_to_write(params string[] arguments)
    {
        var ended = (await Dorch.Run(arguments)).Exited(2);
        Assert.NotEqual("", ended.Errors);
    }

    [Fact]
    public async Task A_file_without_a_resource_is_refused()
    {
        using var folder = new TemporaryFolder();
        var ended = (await Dorch.Run("up", folder.Write("empty.yaml", "# nothing\n"), "--once")).Exited(2);
        Assert.Contains("has no resources", ended.Errors, StringComparison.Ordinal);
    }
}
