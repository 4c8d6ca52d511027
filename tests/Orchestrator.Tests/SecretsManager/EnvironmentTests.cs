using System.Diagnostics;
using DeploymentOrchestrator.SecretsManager;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>
/// Regions, endpoints and credentials from the environment. The AWS SDK reads the process's own, and tests share theirs: so each case
/// runs <see cref="In_a_process_of_its_own"/> in one more process of this program.
/// </summary>
public sealed class EnvironmentTests
{
    private const string NothingThere = "EXPECT_NOTHING";

    [Fact]
    public async Task Keys_region_and_endpoints_of_which_the_services_own_comes_first()
    {
        await using var sts = await Start();
        await using var secretsManager = await Start();
        await Run(new()
        {
            ["AWS_DEFAULT_REGION"] = "ap-south-1",
            ["AWS_ACCESS_KEY_ID"] = "AKIDTEST",
            ["AWS_SECRET_ACCESS_KEY"] = "secret",
            ["AWS_ENDPOINT_URL"] = sts.Endpoint.AbsoluteUri,
            ["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = secretsManager.Endpoint.AbsoluteUri,
        });
        var first = Assert.Single(sts.Calls.Snapshot());
        var second = Assert.Single(secretsManager.Calls.Snapshot());
        Assert.Equal(("GetCallerIdentity", "ap-south-1"), (first.Operation, first.Region));
        Assert.Equal(("DescribeSecret", "ap-south-1"), (second.Operation, second.Region));
    }

    [Fact]
    public async Task A_web_identity_as_on_EKS()
    {
        var token = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(token, "token", TestContext.Current.CancellationToken);
            await using var server = await Start();
            await Run(new()
            {
                ["AWS_REGION"] = "ap-south-1",
                ["AWS_WEB_IDENTITY_TOKEN_FILE"] = token,
                ["AWS_ROLE_ARN"] = "arn:aws:iam::222222222222:role/irsa",
                ["AWS_ENDPOINT_URL"] = server.Endpoint.AbsoluteUri,
            });
            Assert.Equal(
                ["AssumeRoleWithWebIdentity", "GetCallerIdentity 222222222222", "DescribeSecret 222222222222"],
                server.Calls.Snapshot().Select(call => call.Operation == "AssumeRoleWithWebIdentity" ? call.Operation : $"{call.Operation} {call.Account}"));
        }
        finally
        {
            File.Delete(token);
        }
    }

    [Fact]
    public async Task No_region_and_no_credentials()
    {
        await using var server = await Start();
        await Run(new()
        {
            [NothingThere] = "true",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_ENDPOINT_URL"] = server.Endpoint.AbsoluteUri,
        });
        Assert.Empty(server.Calls.Snapshot());
    }

    [Fact(Explicit = true)]
    public async Task In_a_process_of_its_own()
    {
        var stop = TestContext.Current.CancellationToken;
        using var clients = new SecretsManagerClients(new SecretsManagerOptions());
        if (Environment.GetEnvironmentVariable(NothingThere) is not null)
        {
            Assert.Null(clients.DefaultRegion);
            Assert.Throws<MissingRegionException>(() => clients.For(null, null, null));
            var error = await Assert.ThrowsAsync<SecretsManagerException>(() => clients.For("ap-south-1", null, null).GetCallerAccount(stop));
            Assert.Equal(("GetCallerIdentity", AwsErrorKind.NoCredentials), (error.Operation, error.Kind));
            Assert.Contains("AWS_WEB_IDENTITY_TOKEN_FILE", error.Message, StringComparison.Ordinal);
            return;
        }
        var client = clients.For(null, null, null);
        Assert.Equal(client.Region, clients.DefaultRegion);
        await client.GetCallerAccount(stop);
        Assert.Null(await client.DescribeSecret("db", stop));
    }

    private static Task<SecretsManagerServer> Start() =>
        SecretsManagerServer.StartAsync(new EmulatorOptions(), TestContext.Current.CancellationToken);

    private static async Task Run(Dictionary<string, string> environment)
    {
        var stop = TestContext.Current.CancellationToken;
        var program = Path.Combine(AppContext.BaseDirectory, "Orchestrator.Tests" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program)
        {
            ArgumentList = { "--explicit", "only", "--filter-method", $"{typeof(EnvironmentTests).FullName}.{nameof(In_a_process_of_its_own)}" },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        // No profile of whoever runs the tests.
        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = start.Environment["AWS_CONFIG_FILE"] = Path.Combine(AppContext.BaseDirectory, "none");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        Assert.True(process.ExitCode == 0, output);
    }
}
