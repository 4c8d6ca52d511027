using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>The credential provider is unavailable for a while, after it worked (field case pod-identity-agent-away).</summary>
public sealed partial class CredentialTests
{
    [Theory]
    [InlineData("cut")]
    [InlineData("500", Explicit = true)]
    [InlineData("404", Explicit = true)]
    [InlineData("no answer of a container", Explicit = true)]
    public async Task An_unavailable_Pod_Identity_agent_leaves_a_Ready_Component_Ready(string outage)
    {
        var state = "well";
        await using var agent = await ScriptedServer.Start((context, _) => Agent(context, Volatile.Read(ref state)));
        var file = home.Write("app.yaml", Manifest);
        var start = Start(new()
        {
            ["AWS_REGION"] = "ap-south-1",
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = new Uri(agent.Endpoint, "/v1/credentials").AbsoluteUri,
        }, "up", file, "--aws", "--cluster-id", "test");
        using var process = Process.Start(start)!;
        try
        {
            var lines = Channel.CreateUnbounded<string>();
            var all = new ConcurrentQueue<string>();
            _ = Read(process.StandardOutput);
            _ = Read(process.StandardError);
            await Line(l => l.Contains("credentials Ready", StringComparison.Ordinal));

            Volatile.Write(ref state, outage);
            await File.WriteAllTextAsync(file, Manifest + "    tags: {team: one}\n", Stop);
            var during = await Line(l => l.Contains("no AWS credentials", StringComparison.Ordinal) || l.Contains("Failed", StringComparison.Ordinal)
                || l.Contains("no answer from", StringComparison.Ordinal) || l.Contains("GetSecretValue", StringComparison.Ordinal));
            Assert.DoesNotContain("Failed", during, StringComparison.Ordinal);
            Assert.DoesNotContain("Denied", during, StringComparison.Ordinal);

            Volatile.Write(ref state, "well");
            while (!server.Calls.Snapshot().Any(call => call.Operation == "TagResource"))
                await lines.Next();
            Assert.DoesNotContain(all, l => l.Contains("Failed", StringComparison.Ordinal));

            async Task Read(StreamReader reader)
            {
                while (await reader.ReadLineAsync(Stop) is { } line)
                {
                    all.Enqueue(line);
                    lines.Writer.TryWrite(line);
                }
            }

            async Task<string> Line(Func<string, bool> isWanted)
            {
                while (true)
                {
                    if (await lines.Next() is { } line && isWanted(line))
                        return line;
                }
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
