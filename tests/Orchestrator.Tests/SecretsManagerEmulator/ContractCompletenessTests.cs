using System.Reflection;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator.Contract;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

public sealed class ContractCompletenessTests
{
    [Fact]
    public void Every_case_from_1_to_53_has_a_test()
    {
        var faults = typeof(FaultTests).GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(method => method.Name.StartsWith("Case53_", StringComparison.Ordinal));
        Assert.NotEmpty(faults);
        Assert.Empty(Enumerable.Range(1, 52).Except(ContractTest.All.Select(test => test.Number)));
    }
}
