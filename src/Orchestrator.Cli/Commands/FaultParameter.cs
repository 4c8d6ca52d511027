using System.CommandLine;
using System.Globalization;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>--fault OPERATION=KIND[:DURATION][:COUNT]</c>: what is to go wrong with the next calls of an operation.</summary>
/// <param name="Operation">By its AWS name.</param>
/// <param name="Fault">What goes wrong.</param>
/// <param name="Count">With how many calls, 1-10,000.</param>
internal sealed record FaultParameter(string Operation, Fault Fault, int Count)
{
    private const int MaxCount = 10_000;
    private const string Slow = "slow";

    private static readonly (string Name, Fault Fault)[] Kinds =
    [
        ("throttle", Fault.Throttle),
        ("error", Fault.InternalError),
        ("denied", Fault.AccessDenied),
        ("cut-before", Fault.CutBefore),
        ("cut-after", Fault.CutAfter),
        ("pass", Fault.None),
    ];

    /// <summary>The option; it may be given many times.</summary>
    public static Option<IReadOnlyList<FaultParameter>> Option() => new("--fault")
    {
        Description = "What goes wrong with the next COUNT calls (default 1) of an operation, e.g. CreateSecret=throttle:3. KIND is throttle, error (500), "
            + "denied, cut-before or cut-after (the connection, before or after the call is carried out), slow:DURATION, or pass. "
            + "Faults of one operation come in the order given",
        HelpName = "OPERATION=KIND[:COUNT]",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            List<FaultParameter> faults = [];
            foreach (var token in result.Tokens)
            {
                if (Parse(token.Value, out var problem) is { } fault)
                    faults.Add(fault);
                else
                    result.AddError($"--fault {token.Value}: {problem}");
            }
            return faults;
        },
    };

    private static FaultParameter? Parse(string text, out string problem)
    {
        if (text.Split('=') is not [var operation, var rest])
        {
            problem = "must be OPERATION=KIND[:COUNT], such as CreateSecret=throttle:3";
            return null;
        }
        var parts = rest.Split(':');
        problem = OperationProblem(operation) ?? "";
        if (problem.Length > 0 || KindOf(parts, out problem) is not { } fault)
            return null;
        var counts = parts.Skip(parts[0] == Slow ? 2 : 1).ToArray();
        return CountOf(counts, out problem) is { } count ? new(operation, fault, count) : null;
    }

    private static string? OperationProblem(string operation) =>
        Faults.Operations.Contains(operation) ? null : $"there is no operation \"{operation}\"{NearestName.Hint(operation, Faults.Operations)}";

    private static Fault? KindOf(string[] parts, out string problem)
    {
        problem = "";
        if (parts[0] == Slow)
        {
            if (parts.Length > 1 && GoDuration.TryParse(parts[1], out var delay))
                return Fault.Slow(delay);
            problem = "slow needs a duration, such as slow:5s";
            return null;
        }
        var found = Array.Find(Kinds, kind => kind.Name == parts[0]).Fault;
        if (found is null)
            problem = $"there is no fault \"{parts[0]}\"; it must be {string.Join(", ", Kinds.Select(kind => kind.Name))} or {Slow}:DURATION";
        return found;
    }

    private static int? CountOf(string[] counts, out string problem)
    {
        problem = $"COUNT must be 1-{MaxCount}";
        return counts switch
        {
            [] => 1,
            [var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MaxCount => count,
            _ => null,
        };
    }
}
