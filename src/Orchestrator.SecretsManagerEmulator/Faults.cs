using DeploymentOrchestrator.SecretsManagerEmulator.Operations;

namespace DeploymentOrchestrator.SecretsManagerEmulator;

/// <summary>One fault of one call.</summary>
internal abstract record Fault
{
    private protected Fault()
    {
    }

    /// <summary>No fault: lets a call pass, so that the fault hits a later one of the same operation.</summary>
    public static Fault None { get; } = new Pass();

    /// <summary>ThrottlingException, HTTP 400; nothing is done.</summary>
    public static Fault Throttle { get; } = new Answer("ThrottlingException", "Rate exceeded", 400);

    /// <summary>InternalServiceError, HTTP 500; nothing is done.</summary>
    public static Fault InternalError { get; } = new Answer("InternalServiceError", "An error occurred on the server side.", 500);

    /// <summary>InvalidRequestException, HTTP 400, as for a name that AWS has not released; nothing is done.</summary>
    public static Fault InvalidRequest { get; } = new Answer(
        "InvalidRequestException", "You can't create this secret because a secret with this name is already scheduled for deletion.", 400);

    /// <summary>AccessDeniedException, HTTP 400; nothing is done.</summary>
    public static Fault AccessDenied { get; } = new Denial();

    /// <summary>Any refusal of AWS's, HTTP 400; nothing is done.</summary>
    /// <param name="code">AWS's code, such as <c>LimitExceededException</c>.</param>
    public static Fault Refusal(string code)
    {
        ArgumentException.ThrowIfNullOrEmpty(code);
        return new Answer(code, "Refused.", 400);
    }

    /// <summary>The connection is cut; nothing is done.</summary>
    public static Fault CutBefore { get; } = new Cut(Committed: false);

    /// <summary>The call is executed, then the connection is cut: the caller never sees the answer.</summary>
    public static Fault CutAfter { get; } = new Cut(Committed: true);

    /// <summary>
    /// The call waits this long on the server's <see cref="TimeProvider"/>, and is then executed, even if the caller has given up meanwhile.
    /// </summary>
    /// <param name="delay">Zero or more.</param>
    public static Fault Slow(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new Delay(delay);
    }

    internal sealed record Pass : Fault;

    internal sealed record Answer(string Code, string Message, int Status) : Fault;

    internal sealed record Denial : Fault;

    internal sealed record Cut(bool Committed) : Fault;

    internal sealed record Delay(TimeSpan Duration) : Fault;
}

/// <summary>
/// Faults queued for each operation by its AWS name (<c>CreateSecret</c>, <c>GetCallerIdentity</c>).
/// A call takes the next one of its operation. Safe to use from any thread while calls are running.
/// </summary>
internal sealed class Faults
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<Fault>> queued = [];
    private readonly HashSet<string> denied = [];

    internal Faults()
    {
    }

    /// <summary>Every operation that the server knows, of Secrets Manager and of STS.</summary>
    public static IReadOnlyList<string> Operations { get; } =
        [.. OperationTable.Names.Concat(Sts.StsService.Operations).Order(StringComparer.Ordinal)];

    /// <summary>Queues this fault for the next <paramref name="count"/> calls of <paramref name="operation"/>, after those already queued.</summary>
    /// <exception cref="ArgumentException">The server has no such operation, so the fault would never occur.</exception>
    public void Queue(string operation, Fault fault, int count = 1)
    {
        RequireKnown(operation);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        lock (gate)
        {
            if (!queued.TryGetValue(operation, out var faults))
                queued[operation] = faults = new Queue<Fault>();
            for (var i = 0; i < count; i++)
                faults.Enqueue(fault);
        }
    }

    /// <summary>Every call of <paramref name="operation"/> is answered AccessDeniedException until <see cref="Allow"/>.</summary>
    /// <exception cref="ArgumentException">The server knows no such operation.</exception>
    public void DenyAlways(string operation)
    {
        RequireKnown(operation);
        lock (gate)
            denied.Add(operation);
    }

    /// <summary>Undoes <see cref="DenyAlways"/>, as a corrected IAM policy does.</summary>
    /// <exception cref="ArgumentException">The server knows no such operation.</exception>
    public void Allow(string operation)
    {
        RequireKnown(operation);
        lock (gate)
            denied.Remove(operation);
    }

    internal Fault Take(string operation)
    {
        lock (gate)
        {
            if (denied.Contains(operation))
                return Fault.AccessDenied;
            return queued.TryGetValue(operation, out var faults) && faults.TryDequeue(out var fault) ? fault : Fault.None;
        }
    }

    private static void RequireKnown(string operation)
    {
        if (!Operations.Contains(operation))
            throw new ArgumentException($"'{operation}' is not an operation of this server.", nameof(operation));
    }
}
