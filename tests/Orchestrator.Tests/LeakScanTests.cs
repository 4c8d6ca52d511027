using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Cli.Commands;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Tests;

/// <summary>
/// No generated value occurs in anything that the program emits. Every embedded cluster scans resources, events and logs at its end; these tests cover the
/// rest, and prove that each scan finds a planted value.
/// </summary>
public sealed class LeakScanTests
{
    // Its base64 form has a plus, which the JSON writer escapes.
    private const string Planted = "p'L\"a\\n/t+e&d <s>e=c?r%t>>>";

    public static TheoryData<string> Carriers =>
    [
        Planted,
        $"the password is {Planted}!",
        JsonSerializer.Serialize(new { password = Planted }),
        JsonSerializer.Serialize(new { answer = JsonSerializer.Serialize(new { password = Planted }) }),
        new JsonObject { ["password"] = Planted }.ToJsonString(ApiJson.Compact),
        $"password: '{Planted.Replace("'", "''", StringComparison.Ordinal)}'",
        $"https://example.com/?q={Uri.EscapeDataString(Planted)}",
        $"https://example.com/?q={System.Net.WebUtility.UrlEncode(Planted)}",
        $"<value>{System.Net.WebUtility.HtmlEncode(Planted)}</value>",
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Planted)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"a{Planted}b")),
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"ab{Planted}")),
        Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"password":"x","more":"{{Planted}}"}""")),
        Convert.ToHexString(Encoding.UTF8.GetBytes($"<{Planted}>")),
        JsonSerializer.Serialize(Convert.ToBase64String(Encoding.UTF8.GetBytes(Planted))),
    ];

    [Theory]
    [MemberData(nameof(Carriers))]
    public void A_leaked_value_is_found_in_every_encoding(string text)
    {
        var scan = new LeakScan([Encoding.UTF8.GetBytes(Planted)]);
        Assert.True(scan.Finds(text), text);
        Assert.False(new LeakScan([Encoding.UTF8.GetBytes("another value")]).Finds(text));
        Assert.DoesNotContain(Planted, Assert.ThrowsAny<Exception>(() => scan.AssertAbsent("here", text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a resource that is gone")]
    [InlineData("a status that was overwritten")]
    [InlineData("an event")]
    [InlineData("a log line")]
    [InlineData("a value behind a log line")]
    [InlineData("an exception in the log")]
    [InlineData("a scope of the log")]
    public async Task A_value_planted_in_a_cluster_is_found(string place)
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await cluster.PutComponent("credentials", Config());
        await cluster.WhenQuiet();
        await cluster.AssertNothingLeaked();

        cluster.LeaksOnPurpose = true;
        await Plant(cluster, place, Encoding.UTF8.GetString(cluster.SecretsManager.Generated[0]));
        await cluster.WhenQuiet();
        await Assert.ThrowsAnyAsync<Exception>(cluster.AssertNothingLeaked);
    }

    [Fact]
    public void A_value_planted_in_a_trace_a_metric_and_an_exception_is_found()
    {
        var scan = new LeakScan([Encoding.UTF8.GetBytes(Planted)]);
        using (var emissions = new ProcessEmissions())
        {
            using var source = new ActivitySource("planted");
            using (var activity = source.StartActivity("call"))
                activity!.SetTag("password", Planted);
            Assert.ThrowsAny<Exception>(() => emissions.AssertNothingLeaked(scan));
        }

        using (var emissions = new ProcessEmissions())
        {
            using var meter = new Meter("planted");
            meter.CreateCounter<long>("calls").Add(1, new KeyValuePair<string, object?>("password", Planted));
            Assert.ThrowsAny<Exception>(() => emissions.AssertNothingLeaked(scan));
        }

        using (var emissions = new ProcessEmissions())
        {
            Assert.Throws<InvalidOperationException>(static void () => throw new InvalidOperationException($"cannot push {Planted}"));
            Assert.ThrowsAny<Exception>(() => emissions.AssertNothingLeaked(scan));
        }
    }

    [Fact]
    public void A_value_planted_in_a_file_is_found()
    {
        var folder = Directory.CreateTempSubdirectory("leak-scan-").FullName;
        try
        {
            var scan = new LeakScan([Encoding.UTF8.GetBytes(Planted)]);
            File.WriteAllText(Path.Combine(folder, "state"), "nothing");
            scan.AssertAbsentFrom(folder);
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "deep")).FullName, "state"), $"a {Planted}", Encoding.Unicode);
            Assert.ThrowsAny<Exception>(() => scan.AssertAbsentFrom(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Traces_metrics_and_exceptions_hold_no_value_whatever_goes_wrong()
    {
        using var emissions = new ProcessEmissions();
        await using var cluster = await EmbeddedCluster.StartAsync();
        foreach (var operation in new[] { "GetRandomPassword", "CreateSecret", "UpdateSecret" })
        {
            foreach (var fault in new[] { Fault.Throttle, Fault.InternalError, Fault.CutBefore, Fault.CutAfter, Fault.AccessDenied })
                cluster.SecretsManager.Faults.Queue(operation, fault);
        }

        await cluster.PutComponent("credentials", Config("AlwaysUpdate"));
        await cluster.Advance(TimeSpan.FromHours(4), TimeSpan.FromMinutes(10));
        await cluster.Restart();
        await cluster.Delete("credentials");
        await cluster.WhenQuiet();

        Assert.True(cluster.SecretsManager.Generated.Count > 6);
        Assert.NotEmpty(emissions.Exceptions);
        Assert.NotEmpty(emissions.Metrics);
        Assert.NotEmpty(emissions.Traces);
        emissions.AssertNothingLeaked(new(cluster.SecretsManager.Generated));
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("yaml")]
    public async Task The_output_of_dorch_up_holds_no_value(string format)
    {
        using var example = new Example();
        await using var server = await SecretsManagerServer.StartAsync(new() { RememberGenerated = true }, TestContext.Current.CancellationToken);
        var file = example.Write("app.yaml", Example.App);
        var up = await CommandLineRun.Of(
            ["up", file, "--once", "--aws", "--cluster-id", "ada", "-o", format],
            aws: EmbeddedAws.CommandLine(server.Endpoint));

        Assert.Equal(0, up.ExitCode);
        var scan = new LeakScan(server.Generated);
        Assert.Single(server.Generated);
        scan.AssertAbsent("standard output", up.Output);
        scan.AssertAbsent("standard error", up.Error);
        scan.AssertAbsentFrom(example.Folder);
        Assert.DoesNotContain(server.Calls.Snapshot(), c => c.Operation is "GetSecretValue" or "BatchGetSecretValue");
        Assert.True(scan.Finds(up.Output + Encoding.UTF8.GetString(server.Generated[0])));
    }

    private static async Task Plant(EmbeddedCluster cluster, string place, string value)
    {
        var stop = TestContext.Current.CancellationToken;
        switch (place)
        {
            case "a resource that is gone":
                await cluster.Put(
                    NewResource.ConfigMap("default", "leak", ("answer", Convert.ToBase64String(Encoding.UTF8.GetBytes(value)))));
                await cluster.Delete("leak", ResourceType.ConfigMap);
                break;
            case "a status that was overwritten":
                var component = (await cluster.Store.Get(ResourceType.Component, new("default", "credentials"), stop))!;
                var status = component["status"]!.DeepClone();
                component["status"]!["message"] = value;
                component = await cluster.Store.ReplaceStatus(component, stop);
                component["status"] = status;
                await cluster.Store.ReplaceStatus(component, stop);
                break;
            case "an event":
                cluster.Record(await cluster.Component("credentials"), new("SecretCreated", $"created {value}"));
                break;
            case "a log line":
                cluster.Log.Log(LogLevel.Trace, default, value, null, static (state, _) => state);
                break;
            case "a value behind a log line":
                cluster.Log.Log(LogLevel.Trace, default, new[] { new KeyValuePair<string, object?>("password", value) }, null, static (_, _) => "pushed");
                break;
            case "an exception in the log":
                cluster.Log.Log(LogLevel.Trace, default, "pushed", new InvalidOperationException("x", new InvalidOperationException(value)),
                    static (state, _) => state);
                break;
            case "a scope of the log":
                cluster.Log.BeginScope(value);
                break;
        }
    }

    private static JsonObject Config(string policy = "IfNotExists") => new()
    {
        ["secretName"] = "team/credentials",
        ["updatePolicy"] = policy,
        ["fields"] = new JsonObject { ["password"] = new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 32 } } },
    };
}
