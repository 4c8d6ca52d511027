using System.Text;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Tests.Controllers;

namespace DeploymentOrchestrator.Tests.Cli.Manifests;

/// <summary>
/// A file of four times the size costs four times as much to read and check, whatever it contains. Quadratic work shows in the allocated bytes, except
/// arithmetic on long numbers, which <c>BannedSymbols.txt</c> forbids.
/// </summary>
/// <remarks>Runs alone, because regular expressions share their stacks, which only grow, between threads.</remarks>
[Collection(ProcessMemory.Name)]
public sealed class LinearReadingTests
{
    private const string Indent = "          ";

    private const string Head = """
        apiVersion: deployment-orchestrator.io/v1alpha1
        kind: Component
        metadata: {name: a, namespace: a}
        spec:
          handler: manifest
          config:
            manifests:
              - apiVersion: v1
                kind: ConfigMap
                metadata: {name: a}
                x:

        """ + Indent;

    private const string Json = """
        {"apiVersion":"deployment-orchestrator.io/v1alpha1","kind":"Component","metadata":{"name":"a","namespace":"a"},"spec":{"handler":"manifest","config":
        {"manifests":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"x":{"k":VALUE}}]}}}
        """;

    // The text after the head, of about this many characters.
    private static readonly Dictionary<string, Func<int, string>> Kinds = new(StringComparer.Ordinal)
    {
        ["digits"] = n => $"k: {Many("7", n)}",
        ["digits with underscores"] = n => $"k: {Many("7_", n)}7",
        ["octal digits"] = n => $"k: 0{Many("7", n)}",
        ["hexadecimal digits"] = n => $"k: 0x{Many("f", n)}",
        ["zeros before a hexadecimal digit"] = n => $"k: 0x{Many("0", n)}f",
        ["binary digits"] = n => $"k: 0b{Many("1", n)}",
        ["zeros"] = n => $"k: {Many("0", n)}",
        ["a fraction"] = n => $"k: 1.{Many("7", n)}",
        ["an exponent"] = n => $"k: 1e-{Many("7", n)}",
        ["an exponent that overflows"] = n => $"k: 1e+{Many("7", n)}",
        ["almost a number"] = n => $"k: {Many("7", n)}.x",
        ["digits and points"] = n => $"k: {Many(".7", n)}",
        ["a number by its tag"] = n => $"k: !!float \"{Many("7", n)}\"",
        ["a tag"] = n => $"k: !{Many("t", n)} a",
        ["a plain word"] = n => $"k: {Many("a", n)}",
        ["plain words"] = n => $"k: {Many("ab ", n)}",
        ["plain lines"] = n => $"k: {Lines("ab", n)}",
        ["single quotes"] = n => $"k: '{Many("a b ", n)}'",
        ["quotes in single quotes"] = n => $"k: '{Many("''", n)}'",
        ["double quotes"] = n => $"k: \"{Many("a b ", n)}\"",
        ["escapes"] = n => $"k: \"{Many("\\n\\u00e9", n)}\"",
        ["backslashes"] = n => $"k: \"{Many("\\\\", n)}\"",
        ["lines in double quotes"] = n => $"k: \"{Lines("ab", n)}\"",
        ["a quote that is not closed"] = n => $"k: \"{Many("ab ", n)}",
        ["brackets"] = n => $"k: {Many("[", n)}",
        ["a block"] = n => $"k: |{Lines("ab", n)}",
        ["a block of one line"] = n => $"k: |{Lines(Many("a", n), 1)}",
        ["a folded block"] = n => $"k: >{Lines("ab", n)}",
        ["empty lines in a block"] = n => $"k: |{Lines("a", 1)}{Many("\n", n)}{Lines("b", 1)}",
        ["empty lines in a folded block"] = n => $"k: >{Lines("a", 1)}{Many("\n", n)}{Lines("b", 1)}",
        ["a comment"] = n => $"k: a #{Many("c", n)}",
        ["comments"] = n => $"k: a\n{Many("# c\n", n)}",
        ["anchors"] = n => $"k: [{Counted("&a{0} x, ", n)}x]",
        ["one anchor"] = n => $"k: [{Many("&a x, ", n)}x]",
        ["aliases"] = n => $"k: [&a x{Many(", *a", n)}]",
        ["unknown aliases"] = n => $"k: [x{Many(", *a", n)}]",
        ["a long anchor"] = n => $"k: &{Many("a", n)} x",
        ["merges"] = n => $"b: &b {{x: 1}}\n          k: [{Many("{<<: *b}, ", n / 4)}x]",
        ["keys"] = n => $"k: {{{Counted("k{0}: a, ", n)}z: z}}",
        ["the same key"] = n => $"k: {{{Many("k: a, ", n)}z: z}}",
        ["a long key"] = n => $"? {Many("a", n)}\n          : a",
        ["items"] = n => $"k: [{Many("a, ", n)}a]",
        ["documents"] = n => $"k: a\n{Many("---\n", n)}",
        ["depth"] = n => $"k: {Many("- ", n)}",
        ["references"] = n => $"k: '{Many("{{ .b.providerStatus.c }} ", n)}'",
        ["near references"] = n => $"k: '{Many("{{ .b.providerstatus.c }} ", n)}'",
        ["braces"] = n => $"k: '{Many("{{", n)}'",
        ["escaped references"] = n => $"k: '{Many("\\{{ .b.providerStatus.c }}", n)}'",
        ["a reference with a long path"] = n => $"k: '{{{{ .b.providerStatus{Many(".c", n)} }}}}'",
        ["a reference with many indices"] = n => $"k: '{{{{ .b.providerStatus.c{Many("[0]", n)} }}}}'",
        ["a reference with a long index"] = n => $"k: '{{{{ .b.providerStatus.c[{Many("7", n)}] }}}}'",
        ["a reference with many pipes"] = n => $"k: '{{{{ .b.providerStatus.c {Many("| toString ", n)} }}}}'",
        ["a reference to a long name"] = n => $"k: '{{{{ .{Many("b", n)}.providerStatus.c }}}}'",
        ["spaces in a reference"] = n => $"k: '{{{{ {Many(" ", n)}.b.providerStatus.c }}}}'",
        ["strings in braces"] = n => $"k: \"{{{{ '{Many("`'", n)} }}}}\"",
        ["JSON digits"] = n => JsonOf(Many("7", n)),
        ["a JSON fraction"] = n => JsonOf($"1.{Many("7", n)}"),
        ["a JSON exponent"] = n => JsonOf($"1e-{Many("7", n)}"),
        ["JSON escapes"] = n => JsonOf($"\"{Many("\\ud83d\\ude00", n)}\""),
        ["JSON backslashes"] = n => JsonOf($"\"{Many("\\\\u", n)}\""),
        ["JSON items"] = n => JsonOf($"[{Many("1,", n)}1]"),
        ["JSON texts"] = n => Many("{}\n", n),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Four_times_the_size_allocates_at_most_six_times_as_much(string name)
    {
        Read(name, 160_000);
        var (small, large) = (Allocated(name, 40_000), Allocated(name, 160_000));
        Assert.True(large <= 6 * small, $"{small} bytes, then {large}");
    }

    // Quadratic work would take hours.
    [Theory(Explicit = true), MemberData(nameof(Names))]
    public void Four_million_characters_are_read(string name) => Read(name, 4_000_000);

    private static long Allocated(string name, int size)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(name, size);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Read(string name, int size)
    {
        var made = Kinds[name](size);
        var text = made[0] == '{' ? made : Head + made;
        var set = ManifestSet.Load([new("m.yaml", [new("m.yaml", Encoding.UTF8.GetBytes(text), null)], null)]);
        foreach (var problem in ManifestValidation.Check(set, LocalCluster.HandlersForValidation(TimeProvider.System), isForDeletion: false))
            Assert.InRange(problem.ToString().Length, 1, 2_200);
    }

    private static string JsonOf(string value) => Json.Replace("VALUE", value, StringComparison.Ordinal);

    private static string Many(string piece, int size) => new StringBuilder().Insert(0, piece, size / piece.Length).ToString();

    private static string Lines(string line, int size) => Many($"\n            {line}", Math.Max(size, line.Length + 13));

    private static string Counted(string format, int size) =>
        string.Concat(Enumerable.Range(0, size / (format.Length + 3)).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, format, i)));
}
