namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Sequences;

/// <summary>
/// Random sequences of edits, deletions, foreign hands, faults, crashes and clock steps, against a model of what must hold: see
/// <see cref="RandomSequences"/>.
/// </summary>
public sealed class SecretPushSequenceTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public Task Invariants_hold_under_random_events() => RandomSequences.Hold(200, SequenceRun.Of, output);
}
