using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Cli.Commands;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Docs;

/// <summary>Runs docs/tutorial.md from top to bottom: each command prints what the page shows.</summary>
public sealed class TutorialTests : IDisposable
{
    private readonly Example example = new();

    public void Dispose() => example.Dispose();

    [Fact]
    public async Task Every_command_of_the_tutorial_prints_what_the_page_shows()
    {
        await using var server = await SecretsManagerServer.StartAsync(new(), TestContext.Current.CancellationToken);
        var aws = EmbeddedAws.CommandLine(server.Endpoint);
        var client = new AwsJsonClient(server.Endpoint, "us-east-1");
        var (commands, values) = (0, new List<string>());
        foreach (var (language, text) in DocsFolder.Blocks("docs/tutorial.md"))
        {
            if (language == "yaml")
                example.Write("shop.yaml", text);
            else if (language == "diff")
                Edit(text);
            else if (language == "console")
                commands += await RunCommands(text, aws);
            if (language == "console" && text.Contains("$ dorch up", StringComparison.Ordinal))
                values.Add((await client.Call("GetSecretValue", new { SecretId = "shop/credentials" })).Ok().Body);
        }

        Assert.Equal(9, commands);
        // The second run and the one under IfNotExists keep the value; AlwaysUpdate changes it.
        Assert.Equal(4, values.Count);
        Assert.Single(values[..3].Distinct(StringComparer.Ordinal));
        Assert.NotEqual(values[2], values[3]);
    }

    private static IEnumerable<(string Command, string[] Printed)> Commands(string text)
    {
        foreach (var part in $"\n{text}".Split("\n$ ").Skip(1))
        {
            var lines = part.Split('\n');
            yield return (lines[0], [.. lines[1..].Where(l => l.Length > 0)]);
        }
    }

    private async Task<int> RunCommands(string text, SecretsManagerOptions aws)
    {
        var count = 0;
        foreach (var (command, printed) in Commands(text))
        {
            count++;
            var words = command.Split(' ');
            Assert.Equal("dorch", words[0]);
            var run = await CommandLineRun.Of([.. words[1..].Select(w => w == "shop.yaml" ? Path.Combine(example.Folder, w) : w)], aws: aws);
            // A terminal shows progress before the result.
            var said = (run.Error + run.Output).Replace(example.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Split('\n').ToList();
            var from = 0;
            foreach (var line in printed)
            {
                var at = said.FindIndex(from, s => s.TrimEnd() == line);
                Assert.True(at >= 0, $"$ {command}\nprints no line\n{line}\nbut\n{string.Join('\n', said)}");
                from = at + 1;
            }
        }

        return count;
    }

    // The lines with a minus become those with a plus, in their order.
    private void Edit(string diff)
    {
        var path = Path.Combine(example.Folder, "shop.yaml");
        var text = File.ReadAllText(path);
        var lines = diff.TrimEnd('\n').Split('\n');
        for (var i = 0; i < lines.Length; i += 2)
        {
            Assert.Equal(('-', '+'), (lines[i][0], lines[i + 1][0]));
            Assert.Contains($"\n{lines[i][1..]}\n", text, StringComparison.Ordinal);
            text = text.Replace($"\n{lines[i][1..]}\n", $"\n{lines[i + 1][1..]}\n", StringComparison.Ordinal);
        }

        File.WriteAllText(path, text);
    }
}
