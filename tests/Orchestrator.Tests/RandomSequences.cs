using System.Diagnostics;
using System.Globalization;

namespace DeploymentOrchestrator.Tests;

/// <summary>
/// Runs random sequences side by side. How many and from which seed the environment says, <c>DORCH_SEQUENCES</c> and <c>DORCH_SEED</c> (1); a failure
/// names the seed that repeats it alone.
/// </summary>
internal static class RandomSequences
{
    private const int Shown = 5;

    /// <summary>Runs them and prints what came of it.</summary>
    /// <param name="otherwise">How many where the environment does not say.</param>
    /// <param name="sequence">One, by its seed: answers its steps, and throws <see cref="InvalidOperationException"/> where something does not hold.</param>
    /// <param name="output">Where the result is printed.</param>
    public static async Task Hold(int otherwise, Func<int, Task<int>> sequence, ITestOutputHelper output)
    {
        var (count, first) = (Setting("DORCH_SEQUENCES", otherwise), Setting("DORCH_SEED", 1));
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

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
