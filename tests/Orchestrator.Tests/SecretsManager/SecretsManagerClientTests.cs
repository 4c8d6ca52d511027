using System.Text;
using DeploymentOrchestrator.SecretsManager;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>The client against the embedded Secrets Manager, a server of its own for each test.</summary>
public sealed partial class SecretsManagerClientTests : IAsyncLifetime
{
    private const string Ireland = "eu-west-1";
    private const string Role = "arn:aws:iam::222222222222:role/pusher";
    private static readonly string FirstToken = new('1', 40);
    private static readonly string SecondToken = new('2', 40);

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 9, 1, 10, 0, 0, TimeSpan.Zero));
    private readonly SecretText value = new("""{"password":"hunter2"}"""u8);
    private SecretsManagerServer server = null!;
    private SecretsManagerClients clients = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SecretsManagerClient Client => clients.For(null, null, null);

    public async ValueTask InitializeAsync()
    {
        var options = new EmulatorOptions { AccountId = "111111111111", TimeProvider = time, RememberGenerated = true };
        server = await SecretsManagerServer.StartAsync(options, Stop);
        clients = Clients(maxAttempts: 1);
    }

    public async ValueTask DisposeAsync()
    {
        clients.Dispose();
        value.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public void Thousands_of_roles_leave_no_more_than_a_few_hundred_clients_and_those_that_were_used_last_stay()
    {
        var clock = new FakeTimeProvider();
        using var roles = new SecretsManagerClients(
            new() { Region = "us-east-1", Credentials = AwsCredentialsSource.AccessKey("AKIDTEST", "made-up"), TimeProvider = clock });
        var own = roles.For(null, null, null);

        for (var i = 0; i < 1_000; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            roles.For(null, $"arn:aws:iam::111122223333:role/r{i}", null);
            Assert.Same(own, roles.For(null, null, null));
        }

        Assert.InRange(roles.Count, 2, 256);
    }

    [Fact]
    public void A_client_unused_for_hours_is_disposed_when_another_role_is_used()
    {
        using var pool = new SecretsManagerClients(EmbeddedAws.Client(server.Endpoint) with { TimeProvider = time });
        SecretsManagerClient Of(string name) => pool.For(null, $"arn:aws:iam::111111111111:role/{name}", null);
        var (gone, used) = (Of("gone"), Of("used"));
        for (var hour = 0; hour < 4; hour++)
        {
            time.Advance(TimeSpan.FromHours(1));
            Assert.Same(used, Of("used"));
        }

        Of("new");

        Assert.Same(used, Of("used"));
        Assert.NotSame(gone, Of("gone"));
    }

    [Fact]
    public async Task A_secret_is_created_described_and_changed()
    {
        Assert.Null(await Client.DescribeSecret("db", Stop));

        var created = await Client.CreateSecret(
            new CreateSecretInput("db", FirstToken, value, Description: "words", Tags: new Dictionary<string, string> { ["a"] = "1" }), Stop);
        Assert.Matches("^arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-[A-Za-z0-9]{6}$", created.Arn);
        Assert.Equal(("db", FirstToken), (created.Name, created.VersionId));

        time.Advance(TimeSpan.FromMinutes(1));
        var updated = await Client.UpdateSecret(new UpdateSecretInput(created.Arn, SecondToken, value, Description: ""), Stop);
        Assert.Equal((created.Arn, SecondToken), (updated.Arn, updated.VersionId));
        await Client.TagResource("db", new Dictionary<string, string> { ["b"] = "2" }, Stop);
        await Client.UntagResource("db", ["a"], Stop);

        var secret = (await Client.DescribeSecret(created.Arn, Stop))!;
        Assert.Equal((created.Arn, "db", null, null, null, false),
            (secret.Arn, secret.Name, secret.Description, secret.KmsKeyId, secret.DeletedDate, secret.RotationEnabled));
        Assert.Equal([new("b", "2")], secret.Tags);
        Assert.Equal(["AWSPREVIOUS"], secret.VersionIdsToStages[FirstToken]);
        Assert.Equal(["AWSCURRENT"], secret.VersionIdsToStages[SecondToken]);
        Assert.Equal((time.GetUtcNow().AddMinutes(-1), time.GetUtcNow()), (secret.CreatedDate, secret.LastChangedDate));
    }

    [Fact]
    public async Task An_update_without_a_value_makes_no_version()
    {
        await Create();
        Assert.Null((await Client.UpdateSecret(new UpdateSecretInput("db", SecondToken, KmsKeyId: "alias/mine", Description: "words"), Stop)).VersionId);
        var secret = (await Client.DescribeSecret("db", Stop))!;
        Assert.Equal(("alias/mine", "words"), (secret.KmsKeyId, secret.Description));
        Assert.Equal([FirstToken], secret.VersionIdsToStages.Keys);

        await Client.UpdateSecret(new UpdateSecretInput("db", SecondToken, KmsKeyId: ""), Stop);
        secret = (await Client.DescribeSecret("db", Stop))!;
        Assert.Equal((null, "words"), (secret.KmsKeyId, secret.Description));
    }

    [Fact]
    public async Task A_secret_is_scheduled_for_deletion_restored_and_deleted_at_once()
    {
        var arn = (await Create()).Arn;
        var deleted = await Client.DeleteSecret("db", 7, Stop);
        Assert.Equal((arn, "db", time.GetUtcNow().AddDays(7)), (deleted.Arn, deleted.Name, deleted.DeletionDate));
        Assert.NotNull((await Client.DescribeSecret("db", Stop))!.DeletedDate);
        Assert.Equal(AwsErrorKind.InvalidRequest, (await Failure(() => Client.TagResource("db", new Dictionary<string, string> { ["a"] = "1" }, Stop))).Kind);

        var restored = await Client.RestoreSecret("db", Stop);
        Assert.Equal((arn, "db"), (restored.Arn, restored.Name));
        Assert.Null((await Client.DescribeSecret("db", Stop))!.DeletedDate);

        await Client.DeleteSecret("db", 0, Stop);
        Assert.Null(await Client.DescribeSecret("db", Stop));
    }

    [Fact]
    public async Task A_password_is_what_the_server_generated()
    {
        for (var i = 0; i < 20; i++)
        {
            using var password = await Client.GetRandomPassword(new PasswordOptions(64, ExcludeUppercase: true), Stop);
            Assert.Equal(64, password.Length);
            Assert.Equal(server.Generated[i], password.Utf8());
            Assert.DoesNotMatch("[A-Z]", Encoding.UTF8.GetString(password.Utf8()));
        }
    }

    [Fact]
    public async Task Answers_carry_the_servers_date_and_not_ours()
    {
        Assert.Equal(time.GetUtcNow(), (await Create()).Date);
        time.Advance(TimeSpan.FromDays(400));
        Assert.Equal(time.GetUtcNow(), (await Client.DescribeSecret("db", Stop))!.Date);
        Assert.Equal(time.GetUtcNow(), (await Client.UpdateSecret(new UpdateSecretInput("db", SecondToken), Stop)).Date);
        Assert.Equal(time.GetUtcNow(), await Client.TagResource("db", new Dictionary<string, string> { ["a"] = "1" }, Stop));
        Assert.Equal(time.GetUtcNow(), await Client.UntagResource("db", ["a"], Stop));
        Assert.Equal(time.GetUtcNow(), (await Client.DeleteSecret("db", 7, Stop)).Date);
        Assert.Equal(time.GetUtcNow(), (await Client.RestoreSecret("db", Stop)).Date);
    }

    [Fact]
    public async Task The_clock_follows_the_servers_date_after_any_answer()
    {
        var ours = new FakeTimeProvider(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var hurried = Clients(maxAttempts: 1, ours);
        var client = hurried.For(null, null, null);
        Assert.Equal(ours.GetUtcNow(), client.Clock.Now);

        Assert.Null(await client.DescribeSecret("db", Stop));
        Assert.Equal(time.GetUtcNow(), client.Clock.Now);
        ours.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(time.GetUtcNow().AddSeconds(90), client.Clock.Now);

        time.Advance(TimeSpan.FromDays(1));
        await client.CreateSecret(new CreateSecretInput("db", FirstToken, value), Stop);
        Assert.Equal(time.GetUtcNow(), client.Clock.Now);
    }

    [Fact]
    public async Task Each_region_has_its_own_secrets()
    {
        await Create();
        Assert.NotNull(await clients.For(Ireland, null, null).DescribeSecret("db", Stop));
        Assert.Null(await clients.For("us-east-1", null, null).DescribeSecret("db", Stop));
        Assert.Equal([Ireland, Ireland, "us-east-1"], server.Calls.Snapshot().Select(call => call.Region));
    }

    [Fact]
    public async Task A_role_is_assumed_once_and_used_for_every_call()
    {
        var other = clients.For(null, Role, "external");
        Assert.Equal("222222222222", await other.GetCallerAccount(Stop));
        Assert.Null(await other.DescribeSecret("db", Stop));
        Assert.Equal("111111111111", await Client.GetCallerAccount(Stop));
        Assert.Equal(
            ["AssumeRole 111111111111", "GetCallerIdentity 222222222222", "DescribeSecret 222222222222", "GetCallerIdentity 111111111111"],
            server.Calls.Snapshot().Select(call => $"{call.Operation} {call.Account}"));
    }

    [Fact]
    public async Task A_role_is_assumed_again_when_its_session_is_over()
    {
        var other = clients.For(null, Role, null);
        await other.DescribeSecret("db", Stop);
        time.Advance(TimeSpan.FromHours(1));
        await other.DescribeSecret("db", Stop);
        Assert.Equal(
            ["AssumeRole", "DescribeSecret", "AssumeRole", "DescribeSecret"],
            server.Calls.Snapshot().Select(call => call.Operation));
    }

    [Fact]
    public async Task A_role_that_cannot_be_assumed_says_why()
    {
        (AwsErrorKind Kind, Fault Fault)[] faults =
        [
            (AwsErrorKind.Denied, Fault.AccessDenied),
            (AwsErrorKind.Throttled, Fault.Throttle),
            (AwsErrorKind.Internal, Fault.InternalError),
            (AwsErrorKind.Network, Fault.CutBefore),
        ];
        foreach (var (kind, fault) in faults)
        {
            server.Faults.Queue("AssumeRole", fault);
            Assert.Equal(kind, (await Failure(() => clients.For(null, Role, null).DescribeSecret("db", Stop))).Kind);
        }
        Assert.Equal(AwsErrorKind.InvalidParameter, (await Failure(() => clients.For(null, "nobody", null).DescribeSecret("db", Stop))).Kind);
        Assert.All(server.Calls.Snapshot(), call => Assert.Equal("AssumeRole", call.Operation));
    }

    [Fact]
    public async Task A_failed_look_up_of_the_account_is_an_error_like_any_other()
    {
        (AwsErrorKind Kind, Fault Fault)[] faults =
            [(AwsErrorKind.Denied, Fault.AccessDenied), (AwsErrorKind.Internal, Fault.InternalError), (AwsErrorKind.Network, Fault.CutBefore)];
        foreach (var (kind, fault) in faults)
        {
            server.Faults.Queue("GetCallerIdentity", fault);
            var error = await Failure(() => Client.GetCallerAccount(Stop));
            Assert.Equal(("GetCallerIdentity", kind), (error.Operation, error.Kind));
        }
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client.GetCallerAccount(new CancellationToken(canceled: true)));
    }

    [Fact]
    public void There_is_one_client_for_each_region_and_role()
    {
        Assert.Same(Client, clients.For(Ireland, "", ""));
        Assert.Same(clients.For(null, Role, "x"), clients.For(Ireland, Role, "x"));
        Assert.NotSame(Client, clients.For("us-east-1", null, null));
        Assert.NotSame(clients.For(null, Role, null), clients.For(null, Role, "x"));
        Assert.Equal("us-east-1", clients.For("us-east-1", null, null).Region);
    }

    private static Task<SecretsManagerException> Failure(Func<Task> call) => Assert.ThrowsAsync<SecretsManagerException>(call);

    private Task<WrittenSecret> Create() => Client.CreateSecret(new CreateSecretInput("db", FirstToken, value), Stop);

    private SecretsManagerClients Clients(int maxAttempts, TimeProvider? time = null) => new(
        EmbeddedAws.Client(server.Endpoint) with { Region = Ireland, MaxAttempts = maxAttempts, QuotaShare = null, TimeProvider = time ?? this.time });
}
