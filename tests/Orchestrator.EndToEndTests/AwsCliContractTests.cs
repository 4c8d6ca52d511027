using DeploymentOrchestrator.Tests.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator.Contract;

namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>The contract of a Secrets Manager with the real AWS CLI as client: the requests that it sends, and the answers that it accepts.</summary>
public sealed class AwsCliContractTests(AwsCliContractTests.Pair pair) : SecretsManagerContract, IClassFixture<AwsCliContractTests.Pair>
{
    protected override Uri Endpoint => pair.Endpoint;

    protected override int Draws => 1;

    protected override IReadOnlyDictionary<int, string> Unspeakable => pair.Cli is null ? EveryCase : NotForACli;

    /// <summary>A command takes longer than the clock's resolution.</summary>
    protected override Task PassTime(TimeSpan time) => Task.CompletedTask;

    private protected override ISecretsManagerCaller Caller(string region) => new AwsCliCaller(pair.Cli!, region, pair.Folder);

    private static Dictionary<int, string> NotForACli { get; } = new()
    {
        [5] = "the AWS CLI makes up a token where none is given",
        [6] = "the AWS CLI makes up a token where none is given",
        [52] = "the AWS CLI sends no request that cannot be understood",
        [64] = "the AWS CLI shows no headers",
    };

    private static Dictionary<int, string> EveryCase { get; } =
        ContractTest.All.Select(test => test.Number).Distinct().ToDictionary(number => number, _ => "no AWS CLI that python3 can import is on PATH");

    /// <summary>A Secrets Manager and a CLI, for all tests.</summary>
    public sealed class Pair : IAsyncLifetime
    {
        private SecretsManagerProcess? secretsManager;

        public Uri Endpoint => secretsManager!.Endpoint;

        internal AwsCli? Cli { get; private set; }

        internal TemporaryFolder Folder { get; } = new();

        public async ValueTask InitializeAsync()
        {
            if (!await AwsCli.IsThere())
                return;
            secretsManager = await SecretsManagerProcess.Start();
            // The CLI must not refuse values out of range, because the service must.
            var config = Folder.Write("config", "[default]\nparameter_validation = false\n");
            Cli = AwsCli.Start(new Dictionary<string, string>(secretsManager.Environment, StringComparer.Ordinal) { ["AWS_CONFIG_FILE"] = config });
        }

        public async ValueTask DisposeAsync()
        {
            if (Cli is not null)
                await Cli.DisposeAsync();
            if (secretsManager is not null)
                await secretsManager.DisposeAsync();
            Folder.Dispose();
        }
    }
}
