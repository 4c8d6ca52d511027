using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator.Contract;

/// <summary>One test of the contract with one row of its data, for endpoints whose differences are listed test by test.</summary>
/// <param name="Number">The number of its case.</param>
/// <param name="Name">The method's name and its arguments, if any.</param>
/// <param name="Method">The test.</param>
/// <param name="Arguments">Its row of data.</param>
internal sealed partial record ContractTest(int Number, string Name, MethodInfo Method, object?[] Arguments)
{
    public static IReadOnlyList<ContractTest> All { get; } =
    [
        .. from method in typeof(SecretsManagerContract).GetMethods()
           let number = CaseNumber().Match(method.Name)
           where number.Success
           from row in Rows(method)
           orderby method.Name, string.Join(", ", row)
           select new ContractTest(
               int.Parse(number.Value, CultureInfo.InvariantCulture),
               row.Length == 0 ? method.Name : $"{method.Name}({string.Join(", ", row)})",
               method,
               row),
    ];

    public Task Run(SecretsManagerContract contract) => (Task)Method.Invoke(contract, Arguments)!;

    private static object?[][] Rows(MethodInfo method) =>
        method.GetCustomAttributes<InlineDataAttribute>().Select(row => row.Data).ToArray() is { Length: > 0 } rows ? rows! : [[]];

    [GeneratedRegex("(?<=^Case)[0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CaseNumber();
}
