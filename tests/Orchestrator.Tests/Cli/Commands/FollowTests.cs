namespace DeploymentOrchestrator.Tests.Cli.Commands;

public sealed class FollowTests : IDisposable
{
    private readonly Example example = new();

    public void Dispose() => example.Dispose();

    [Fact]
    public async Task Up_without_once_follows_the_files_until_interrupted()
    {
        using var interrupt = new CancellationTokenSource();
        var (output, error) = (new AwaitableWriter(), new AwaitableWriter());
        var file = example.Write("app.yaml", Example.App);
        var running = CommandLineRun.Of(["up", example.Folder, "-o", "json"], streams: (output, error), interrupt: interrupt);

        await error.WhenWritten("app Ready 2 of 2 components are Ready");
        File.WriteAllText(file, Example.App.Replace("db.example.com", "db2.example.com", StringComparison.Ordinal)
            .Replace("passwordLength: 20", "passwordLenght: 20", StringComparison.Ordinal));
        await error.WhenWritten("the files changed and are invalid: nothing was changed");
        example.Write("more.yaml", Example.App.Replace("app", "more", StringComparison.Ordinal)
            .Replace("name: database}\ndata", "name: unused}\ndata", StringComparison.Ordinal));
        File.WriteAllText(file, Example.App);
        await error.WhenWritten("more Ready 2 of 2 components are Ready");
        File.Delete(Path.Combine(example.Folder, "more.yaml"));
        await error.WhenWritten("more deleted");
        await output.WhenWritten("\"app-credentials\"");
        await interrupt.CancelAsync();

        Assert.Equal(130, (await running).ExitCode);
        Assert.Matches("\\ASecrets Manager listens on http://127.0.0.1:[0-9]+; watching the files until Ctrl-C\n", error.ToString());
        Assert.Contains("more-credentials SecretDeleted ", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Field: saves-while-following.</summary>
    [Fact]
    public async Task Up_survives_every_save()
    {
        using var interrupt = new CancellationTokenSource();
        var (output, error) = (new AwaitableWriter(), new AwaitableWriter());
        var file = example.Write("app.yaml", Example.App);
        example.Write("more.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: more}}");
        var running = CommandLineRun.Of(["up", example.Folder], streams: (output, error), interrupt: interrupt);
        await error.WhenWritten("app Ready 2 of 2 components are Ready");

        File.WriteAllText(file, Example.App[..(Example.App.Length / 2)] + "\n  - {");
        await error.WhenWritten("invalid YAML");
        File.WriteAllText(file, "");
        await error.WhenWritten($"{file}: error: is empty, and had resources before");
        File.WriteAllBytes(file, [0x61, 0xff, 0xfe]);
        await error.WhenWritten($"{file}: error: is not valid UTF-8");
        File.WriteAllText(file, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n");
        await error.WhenWritten("app.yaml:3:1: error: metadata: has no value");
        File.Delete(file);
        Directory.CreateDirectory(file);
        Directory.Delete(file);
        File.WriteAllText(file + ".new", Example.App.Replace("db.example.com", "db2.example.com", StringComparison.Ordinal));
        File.Move(file + ".new", file);
        await error.WhenWritten("the files changed\n");
        example.Write("late.yaml", Example.App.Replace("app", "late", StringComparison.Ordinal)
            .Replace("name: database}\ndata", "name: unused}\ndata", StringComparison.Ordinal));
        await error.WhenWritten("late Ready 2 of 2 components are Ready");
        await interrupt.CancelAsync();

        Assert.Equal(130, (await running).ExitCode);
        Assert.DoesNotContain("SecretDeleted", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_secrets_manager_prints_how_to_use_it_until_interrupted()
    {
        using var interrupt = new CancellationTokenSource();
        var (output, error) = (new AwaitableWriter(), new AwaitableWriter());
        var running = CommandLineRun.Of(["secrets-manager", "--port", "0"], streams: (output, error), interrupt: interrupt);

        await output.WhenWritten("AWS_REGION=");
        await interrupt.CancelAsync();

        Assert.Equal(130, (await running).ExitCode);
        Assert.Matches(
            "\\Aexport AWS_ENDPOINT_URL_SECRETS_MANAGER=http://127.0.0.1:[0-9]+\nexport AWS_ENDPOINT_URL_STS=http://127.0.0.1:[0-9]+\nexport "
                + "AWS_ACCESS_KEY_ID=local\nexport AWS_SECRET_ACCESS_KEY=local\nexport AWS_REGION=us-east-1\n\\z", output.ToString());
    }
}
