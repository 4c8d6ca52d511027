using System.CommandLine;
using System.Globalization;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>--fault OPERATION=KIND[:DURATION][:COUNT]</c>: a fault of the next <paramref name="Count"/> calls of an AWS operation.</summary>
internal sealed record FaultParameter(string Operation, Fault Fault, int Count)
{
    private const int MaxCount = 10_000;
    private const string Slow = "slow";

    private static readonly (string Name, Fault? Fault)[] Kinds =
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
        Description = "Inject a fault into the next COUNT calls (default 1) of an operation, e.g. CreateSecret=throttle:3. KIND is throttle, error (500), "
            + "denied, cut-before or cut-after (the connection, before or after the call is carried out), slow:DURATION, or pass. "
            + "Faults of one operation come in the order given",
        HelpName = "OPERATION=KIND[:COUNT]",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            var read = result.Tokens.Select(token => (token.Value, Read: Read(token.Value))).ToList();
            foreach (var (text, (_, problem)) in read.Where(r => r.Read.Fault is null))
                result.AddError($"--fault {text}: {problem}");
            return [.. read.Select(r => r.Read.Fault).OfType<FaultParameter>()];
        },
    };

    // The fault, or the problem of the text.
    private static (FaultParameter? Fault, string? Problem) Read(string text)
    {
        if (text.Split('=') is not [var operation, var rest])
            return (null, "must be OPERATION=KIND[:COUNT], such as CreateSecret=throttle:3");
        if (!Faults.Operations.Contains(operation))
            return (null, $"there is no operation \"{operation}\"{NearestName.Hint(operation, Faults.Operations)}");

        var parts = rest.Split(':');
        var isSlow = parts[0] == Slow;
        var delay = TimeSpan.Zero;
        if (isSlow && (parts.Length == 1 || !GoDuration.TryParse(parts[1], out delay)))
            return (null, "slow needs a duration, such as slow:5s");
        if ((isSlow ? Fault.Slow(delay) : Array.Find(Kinds, kind => kind.Name == parts[0]).Fault) is not { } fault)
            return (null, $"there is no fault \"{parts[0]}\"; it must be {string.Join(", ", Kinds.Select(kind => kind.Name))} or {Slow}:DURATION");
        return parts[(isSlow ? 2 : 1)..] switch
        {
            [] => (new(operation, fault, 1), null),
            [var count] when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var times) && times is >= 1 and <= MaxCount =>
                (new(operation, fault, times), null),
            _ => (null, $"COUNT must be 1-{MaxCount}"),
        };
    }
}
