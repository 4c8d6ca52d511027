using System.Collections.Immutable;

namespace DeploymentOrchestrator.SecretsManagerEmulator;

/// <summary>One call as the server saw it; never a value.</summary>
/// <param name="Sequence">The number of the finished call, from 1 without gaps.</param>
/// <param name="Operation">For example <c>CreateSecret</c>; empty if the request names none.</param>
/// <param name="SecretId">SecretId, or CreateSecret's Name, as sent; null if the request has neither.</param>
/// <param name="ErrorCode">
/// The AWS error code of the answer; <c>CutBefore</c> or <c>CutAfter</c> if a fault cut the connection; null for success.
/// </param>
/// <param name="Account">The caller's account.</param>
/// <param name="Region">The Region of the request's SigV4 credential scope.</param>
/// <param name="Time">When the request arrived.</param>
internal sealed record EmulatorCall(
    long Sequence, string Operation, string? SecretId, string? ErrorCode, string Account, string Region, DateTimeOffset Time);

/// <summary>Every call since the start, in the order in which they were finished. Safe to read from any thread.</summary>
internal sealed class EmulatorLog
{
    private readonly Lock gate = new();
    private ImmutableList<EmulatorCall> calls = [];

    internal EmulatorLog()
    {
    }

    /// <summary>The calls finished so far. A call is logged before its answer is sent.</summary>
    public IReadOnlyList<EmulatorCall> Snapshot()
    {
        lock (gate)
            return calls;
    }

    /// <summary>Drops the calls so far, of which a long run makes many.</summary>
    internal void Clear()
    {
        lock (gate)
            calls = [];
    }

    internal void Add(string operation, string? secretId, string? errorCode, string account, string region, DateTimeOffset time)
    {
        lock (gate)
            calls = calls.Add(new EmulatorCall(calls.Count + 1, operation, secretId, errorCode, account, region, time));
    }
}
