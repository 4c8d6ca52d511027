using System.Diagnostics;
using System.Text;
using DeploymentOrchestrator.Cli.Commands;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Tests.Repository;

namespace DeploymentOrchestrator.Tests.Cli.Fuzz;

/// <summary>
/// Mutations of every example and every field input: <c>dorch validate</c> exits with 0 or 2, never with an exception, and valid files can be planned.
/// <see cref="RandomSequences"/> sets number and seed; <c>bench/sequences manifests</c> runs far more.
/// </summary>
public sealed class ManifestFuzzTests(ITestOutputHelper output)
{
    // Far longer than any run takes, on any machine: it ends a hanging one.
    private static readonly TimeSpan Hangs = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Validate_ends_with_0_or_2_whatever_a_file_contains()
    {
        var corpus = Corpus();
        Assert.True(corpus.Count > 20, $"{corpus.Count} files");
        (int Seed, TimeSpan Took) slowest = default;
        await RandomSequences.Hold(
            3_000,
            async seed =>
            {
                var random = new Random(seed);
                var input = new ManifestMutations(random).Mutate(corpus[random.Next(corpus.Count)], corpus);
                var watch = Stopwatch.StartNew();
                var (code, printed) = await Run(["validate", "-"], input);
                if (code is not (0 or 2))
                    throw new InvalidOperationException(Failure(seed, "validate", code, printed, input));
                lock (corpus)
                    slowest = watch.Elapsed > slowest.Took ? (seed, watch.Elapsed) : slowest;

                // One in eight valid files is planned, too, as a plan runs the controllers.
                if (code == 0 && seed % 8 == 0 && await Run(["plan", "-"], input) is (not (0 or 1 or 2), _) plan)
                    throw new InvalidOperationException(Failure(seed, "plan", plan.Code, plan.Output, input));
                return 1;
            },
            output);
        output.WriteLine($"the slowest was seed {slowest.Seed}: {slowest.Took.TotalMilliseconds:F0} ms");
    }

    private static async Task<(int Code, string Output)> Run(string[] arguments, byte[] input)
    {
        using var printed = new StringWriter { NewLine = "\n" };
        using var both = TextWriter.Synchronized(printed);
        var context = new CommandContext(new Terminal(both, both), new MemoryStream(input), TimeProvider.System);
        using var hangs = new CancellationTokenSource(Hangs, TimeProvider.System);
        try
        {
            // On its own thread: a hanging run may never check its cancellation.
            var code = await Task.Run(() => DorchCommand.Run([.. arguments, "--verbose"], context, hangs.Token), hangs.Token).WaitAsync(hangs.Token);
            return (code, printed.ToString());
        }
        catch (OperationCanceledException)
        {
            return (-1, $"no end within {Hangs.TotalSeconds:0} s");
        }
    }

    private static string Failure(int seed, string command, int code, string printed, byte[] input)
    {
        var file = Path.Combine(Path.GetTempPath(), $"dorch-fuzz-{seed}.yaml");
        File.WriteAllBytes(file, input);
        return $"seed {seed}: {command} ends with {code}; its input is "
            + $"{file}\n{printed[..Math.Min(printed.Length, 2_000)]}\n{Encoding.UTF8.GetString(input.AsSpan(0, Math.Min(input.Length, 1_000)))}";
    }

    private static List<string> Corpus() =>
    [
        .. from folder in (string[])[SourceTree.Field, Path.Combine(SourceTree.Root, "examples")]
           from file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           where Path.GetExtension(file) is ".yaml" or ".yml" or ".json"
           let text = File.ReadAllText(file)
           where text.Length < 50_000
           select text,
    ];
}
