using System.Text;
using DeploymentOrchestrator.Tests;

namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>The output and the files of a dorch process contain no generated value.</summary>
public sealed class LeakTests
{
    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("yaml")]
    public async Task No_stream_and_no_folder_of_up_holds_a_generated_value(string format)
    {
        using var home = new TemporaryFolder();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = home.Path, ["TMPDIR"] = home.Path };
        await using var up = RunningProcess.Start([.. Repository.Dorch, "up", "examples/myapp", "--secrets-manager-port", "0", "-o", format], environment);
        await using var secretsManager = await SecretsManagerProcess.Of(up);
        await up.Line(l => l.StartsWith("myapp Ready", StringComparison.Ordinal));
        var password = (string)(await secretsManager.Value("myapp/prod/credentials"))["password"]!;
        var ended = (await up.Interrupt()).Exited(130);

        var scan = new LeakScan([Encoding.UTF8.GetBytes(password)]);
        scan.AssertAbsent("standard output", ended.Output);
        scan.AssertAbsent("standard error", ended.Errors);
        scan.AssertAbsentFrom(home.Path);

        File.WriteAllText(System.IO.Path.Combine(home.Path, "planted"), $"{{\"password\":{System.Text.Json.JsonSerializer.Serialize(password)}}}");
        Assert.ThrowsAny<Exception>(() => scan.AssertAbsentFrom(home.Path));
        Assert.True(scan.Finds(ended.Output + Convert.ToBase64String(Encoding.UTF8.GetBytes(password))));
    }
}
