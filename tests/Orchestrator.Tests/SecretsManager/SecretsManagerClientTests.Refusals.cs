using DeploymentOrchestrator.SecretsManager;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>How refusals, faults and disposal surface.</summary>
public sealed partial class SecretsManagerClientTests
{
    [Fact]
    public async Task Each_refusal_of_AWS_has_its_kind()
    {
        await Create();
        using var other = new SecretText("other"u8);
        using var tooLong = new SecretText(new byte[65_537].AsSpan());
        (AwsErrorKind Kind, Func<Task> Call)[] refusals =
        [
            (AwsErrorKind.AlreadyExists, () => Client.CreateSecret(new CreateSecretInput("db", FirstToken, other), Stop)),
            (AwsErrorKind.AlreadyExists, () => Client.CreateSecret(new CreateSecretInput("db", SecondToken, value), Stop)),
            (AwsErrorKind.NotFound, () => Client.UpdateSecret(new UpdateSecretInput("none", SecondToken), Stop)),
            (AwsErrorKind.NotFound, () => Client.RestoreSecret("none", Stop)),
            (AwsErrorKind.InvalidParameter, () => Client.DeleteSecret("db", 6, Stop)),
            (AwsErrorKind.InvalidParameter, () => Client.GetRandomPassword(new PasswordOptions(4097), Stop)),
            (AwsErrorKind.InvalidParameter, () => Client.UpdateSecret(new UpdateSecretInput("db", SecondToken, tooLong), Stop)),
        ];
        foreach (var (kind, call) in refusals)
            Assert.Equal(kind, (await Failure(call)).Kind);
        Assert.Equal([FirstToken], (await Client.DescribeSecret("db", Stop))!.VersionIdsToStages.Keys);
    }

    [Fact]
    public async Task Each_fault_has_its_kind()
    {
        (AwsErrorKind Kind, string? Code, Fault Fault)[] faults =
        [
            (AwsErrorKind.Throttled, "ThrottlingException", Fault.Throttle),
            (AwsErrorKind.Internal, "InternalServiceError", Fault.InternalError),
            (AwsErrorKind.Denied, "AccessDeniedException", Fault.AccessDenied),
            (AwsErrorKind.Network, null, Fault.CutBefore),
            (AwsErrorKind.Network, null, Fault.CutAfter),
        ];
        foreach (var (kind, code, fault) in faults)
        {
            server.Faults.Queue("GetRandomPassword", fault);
            var error = await Failure(() => Client.GetRandomPassword(new PasswordOptions(8), Stop));
            Assert.Equal(("GetRandomPassword", kind, code), (error.Operation, error.Kind, error.Code));
        }
        Assert.Equal(faults.Length, server.Calls.Snapshot().Count);
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_repeated_and_makes_one_version()
    {
        using var patient = Clients(maxAttempts: 2);
        server.Faults.Queue("CreateSecret", Fault.CutAfter);
        var created = await patient.For(null, null, null).CreateSecret(new CreateSecretInput("db", FirstToken, value), Stop);
        Assert.Equal(FirstToken, created.VersionId);
        Assert.Equal(["CutAfter", null], server.Calls.Snapshot().Select(call => call.ErrorCode));
        Assert.Equal([FirstToken], (await Client.DescribeSecret("db", Stop))!.VersionIdsToStages.Keys);
    }

    [Fact]
    public async Task A_disposed_client_is_not_a_network_error()
    {
        var client = Client;
        clients.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.DescribeSecret("db", Stop));
        Assert.Throws<ObjectDisposedException>(() => clients.For(null, null, null));
    }

    [Theory]
    [InlineData("eu west")]
    [InlineData("evil.example.com/")]
    [InlineData("EU-WEST-1")]
    [InlineData("-")]
    public void An_invalid_region_is_refused(string region) =>
        Assert.Throws<MissingRegionException>(() => clients.For(region, null, null));

    [Fact]
    public void Options_are_refused_outside_their_limits()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SecretsManagerOptions { MaxAttempts = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SecretsManagerOptions { MaxAttempts = 11 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SecretsManagerOptions { AttemptTimeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SecretsManagerOptions { AttemptTimeout = TimeSpan.FromMinutes(6) });
        Assert.Throws<ArgumentException>(() => new SecretsManagerOptions { Endpoint = new Uri("/here", UriKind.Relative) });
        Assert.Throws<ArgumentException>(() => new SecretsManagerOptions { Endpoint = new Uri("ftp://here") });
    }

    [Fact]
    public void Options_print_no_secret_key() =>
        Assert.DoesNotContain(
            "topsecret",
            new SecretsManagerOptions { Credentials = AwsCredentialsSource.AccessKey("AKID", "topsecret") }.ToString(),
            StringComparison.Ordinal);
}
