namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>Random Compositions under random edits, changes by hand and crashes: see <see cref="RandomSequences"/>.</summary>
public sealed class CompositionSequenceTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public Task After_random_edits_the_state_equals_that_of_a_fresh_apply() =>
        RandomSequences.Hold(100, seed => SequenceOfEdits.Of(seed, hasOutputs: false), output);

    [Fact(Explicit = true)]
    public Task After_random_outputs_each_secret_has_the_versions_of_its_policy() =>
        RandomSequences.Hold(100, seed => SequenceOfEdits.Of(seed, hasOutputs: true), output);
}
