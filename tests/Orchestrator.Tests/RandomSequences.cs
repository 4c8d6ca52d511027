using System.Diagnostics;
using System.Globalization;

namespace DeploymentOrchestrator.Tests;

/// <summary>
/// Runs random sequences in parallel: as many as the environment variable <c>DORCH_SEQUENCES</c> says, from the seed <c>DORCH_SEED</c> (default 1). A failure
/// names the seed that repeats it alone.
/// </summary>
internal static class RandomSequences
{
    private const int Shown = 5;

    /// <summary>Runs them and prints the result.</summary>
    /// <param name="defaultCount">The default number of sequences.</param>
    /// <param name="sequence">
    /// Runs the sequence of a seed and returns its number of steps; throws <see cref="InvalidOperationException"/> if an invariant is violated.
    /// </param>
    /// <param name="output">Prints the result.</param>
    public static async Task Hold(int defaultCount, Func<int, Task<int>> sequence, ITestOutputHelper output)
    {
        var (count, first) = (Setting("DORCH_SEQUENCES", defaultCount), Setting("DORCH_SEED", 1));
        var failures = new SortedDictionary<int, string>();
        var (steps, watch) = (0, Stopwatch.StartNew());
        await Parallel.ForAsync(first, first + count, TestContext.Current.CancellationToken, async (seed, _) =>
        {
            try
            {
                Interlocked.Add(ref steps, await sequence(seed));
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

    private static int Setting(string name, int fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
