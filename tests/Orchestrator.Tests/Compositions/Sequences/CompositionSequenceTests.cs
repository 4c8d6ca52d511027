using System.Diagnostics;
using System.Globalization;

namespace DeploymentOrchestrator.Tests.Compositions.Sequences;

/// <summary>
/// Random Compositions under random edits, hands and deaths. How many and from which seed the environment says, as for the sequences of secret-push:
/// <c>DORCH_SEQUENCES</c> (100) and <c>DORCH_SEED</c> (1); a failure names the seed that repeats it alone.
/// </summary>
public sealed class CompositionSequenceTests(ITestOutputHelper output)
{
    private const int Shown = 5;

    [Fact]
    public async Task Whatever_was_done_on_the_way_the_end_is_that_of_a_fresh_apply()
    {
        var (count, first) = (Setting("DORCH_SEQUENCES", 100), Setting("DORCH_SEED", 1));
        var failures = new SortedDictionary<int, string>();
        var (steps, watch) = (0, Stopwatch.StartNew());
        await Parallel.ForAsync(first, first + count, TestContext.Current.CancellationToken, async (seed, _) =>
        {
            try
            {
                Interlocked.Add(ref steps, await SequenceOfEdits.Of(seed));
            }
            catch (InvalidOperationException e)
            {
                lock (failures)
                    failures.Add(seed, e.Message);
            }
        });

        var result = $"{count} sequences from seed {first}, {steps} steps, {failures.Count} failures, {watch.Elapsed.TotalSeconds:F0} s";
        output.WriteLine(result);
        TestContext.Current.SendDiagnosticMessage(result);
        Assert.True(failures.Count == 0, $"{result}: seeds {string.Join(", ", failures.Keys)}\n\n{string.Join("\n\n", failures.Values.Take(Shown))}");
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
