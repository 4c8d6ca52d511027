namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>Random Compositions under random edits, hands and deaths: see <see cref="RandomSequences"/>.</summary>
public sealed class CompositionSequenceTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public Task Whatever_was_done_on_the_way_the_end_is_that_of_a_fresh_apply() =>
        RandomSequences.Hold(100, seed => SequenceOfEdits.Of(seed, hasOutputs: false), output);

    [Fact(Explicit = true)]
    public Task Whatever_becomes_of_outputs_each_secret_has_the_versions_that_its_policy_asks_for() =>
        RandomSequences.Hold(100, seed => SequenceOfEdits.Of(seed, hasOutputs: true), output);
}
