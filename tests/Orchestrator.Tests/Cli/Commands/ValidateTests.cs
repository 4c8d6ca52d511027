namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary>Each folder of Validate holds files that a user may write and, in problems.txt, every line that validate prints about them.</summary>
public sealed class ValidateTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Cli", "Commands", "Validate");

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Cases))]
    public async Task Validate_reports_every_problem_at_once_and_at_its_place(string name)
    {
        var folder = Path.Combine(Folder, name);

        var run = await CommandLineRun.Of("validate", folder);

        var output = run.Error.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(Path.Combine(folder, "problems.txt")), output);
        Assert.Equal(output.Contains(" error: ", StringComparison.Ordinal) ? 2 : 0, run.ExitCode);
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Up_refuses_invalid_files_in_the_words_of_validate(string name)
    {
        var folder = Path.Combine(Folder, name);
        var validate = await CommandLineRun.Of("validate", folder);
        if (validate.ExitCode == 0)
            return;

        var up = await CommandLineRun.Of("up", folder, "--once");

        Assert.Equal(validate, up);
    }

    [Theory]
    [InlineData("validate", "")]
    [InlineData("plan", "")]
    [InlineData("validate", "-", "--policies", "")]
    public async Task An_empty_path_is_named(params string[] arguments)
    {
        var run = await CommandLineRun.Of(arguments, "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}");

        Assert.Equal(new(2, "", "'': error: is an empty path: name a file or a folder\n"), run);
    }

    [Fact]
    public async Task Validate_counts_the_valid_resources()
    {
        var run = await CommandLineRun.Of(["validate", "-"], "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}");

        Assert.Equal(new(0, "1 resource is valid\n", ""), run);
    }
}
