using System.Runtime.ExceptionServices;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator.Contract;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

/// <summary>
/// The contract on moto, another emulator of AWS: agreement of both is evidence of how AWS behaves. Its gaps are listed by case number. An unlisted
/// difference fails, and so does a listed one that no longer exists.
/// </summary>
public sealed class MotoContractTests(MotoServer moto) : IClassFixture<MotoServer>
{
    private static readonly Dictionary<int, Gap> Gaps = new()
    {
        [2] = new("what is absent is there, as null"),
        [5] = new("CreateSecret makes up a token"),
        [6] = new("Rotate without a token looks for the secret"),
        [10] = new("names are not checked; ValidateResourcePolicy is not there"),
        [11] = new("no limit on the size of a value"),
        [12] = new("an empty string is no value, but no error either"),
        [13] = new("a string and binary at once are both stored"),
        [16] = new("a missing secret is HTTP 404"),
        [17] = new("a label that no version has is not named in the message"),
        [23] = new("no limit on labels"),
        [24] = new("the value stays the old one when AWSCURRENT moves"),
        [25] = new("a version without labels is not hidden from DescribeSecret"),
        [26] = new("a label moves without its holder being named; AWSCURRENT can be removed"),
        [27] = new("a version without labels is not hidden from DescribeSecret"),
        [28] = new("HTTP 500 for a version that is not there, and the label is gone"),
        [32] = new("an empty description leaves the old one"),
        [34] = new("neither reserved keys nor the number of tags are checked"),
        [37] = new("most changes of a scheduled secret succeed; what is refused is worded differently", HoldsFor: "(UpdateSecret)"),
        [38] = new("ResourceExistsException for the name of a scheduled secret, and a repeated create succeeds"),
        [41] = new("page sizes are not checked, a made-up page token is HTTP 500, pages are cut by position"),
        [43] = new("InvalidParameterException for a length out of range"),
        [44] = new("lengths 1-3 are refused even without required types"),
        [45] = new("HTTP 500 where all characters are excluded; a required space"),
        [46] = new("4,097 excluded characters are taken"),
        [49] = new("rotation succeeds without a Lambda; over a pending version the code differs"),
        [50] = new("a policy that is no JSON is stored"),
        [51] = new("no LastAccessedDate"),
        [52] = new("HTTP 500, in HTML, for what it cannot understand"),
        [60] = new("BatchGetSecretValue fails as a whole where a secret is scheduled, and checks no parameters"),
        [62] = new("StopReplicationToReplica is not there"),
        [63] = new("BlockPublicPolicy does nothing; ValidateResourcePolicy is not there"),
        [64] = new("dates are in whole seconds"),
        [65] = new("no KmsKeyIds in ListSecretVersionIds"),
        [66] = new("HTTP 404 for a label that is not the version's"),
    };

    public static TheoryData<string> Tests => [.. ContractTest.All.Select(test => test.Name)];

    [Theory]
    [MemberData(nameof(Tests))]
    public async Task Moto_differs_in_the_listed_gaps_and_nowhere_else(string name)
    {
        Assert.SkipWhen(moto.Endpoint is null, "moto_server is not on PATH: pip install 'moto[server]'");
        var test = ContractTest.All.Single(test => test.Name == name);
        var difference = await Record.ExceptionAsync(() => test.Run(new Contract(moto.Endpoint!)));
        Assert.False(difference is HttpRequestException, $"moto_server is gone: {difference}");
        if (Gaps.TryGetValue(test.Number, out var gap) && gap.Covers(name))
            Assert.True(difference is not null, $"moto does as AWS does now: case {test.Number} is no gap any more ({gap.Why})");
        else if (difference is not null)
            ExceptionDispatchInfo.Throw(difference);
    }

    /// <summary>A known difference.</summary>
    /// <param name="Why">What moto does.</param>
    /// <param name="HoldsFor">The suffix of the names of those tests of the case that pass.</param>
    private sealed record Gap(string Why, string? HoldsFor = null)
    {
        public bool Covers(string name) => HoldsFor is null || !name.EndsWith(HoldsFor, StringComparison.Ordinal);
    }

    private sealed class Contract(Uri endpoint) : SecretsManagerContract
    {
        protected override Uri Endpoint => endpoint;

        /// <summary>The gap of case 16, which must not fail all other cases.</summary>
        protected override int NotFoundStatus => 404;

        /// <summary>moto's clock is the machine's, and its dates are in whole seconds.</summary>
        protected override Task PassTime(TimeSpan time) => Task.Delay(time, TimeProvider.System, TestContext.Current.CancellationToken);
    }
}
