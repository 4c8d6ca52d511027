namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Sequences;

/// <summary>
/// Random sequences of edits, deletions, foreign changes, faults, crashes and clock steps, against a model of the invariants: see
/// <see cref="RandomSequences"/>.
/// </summary>
public sealed class SecretPushSequenceTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public Task Invariants_hold_under_random_events() => RandomSequences.Hold(200, SequenceRun.Of, output);
}
