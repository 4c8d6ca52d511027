using System.Globalization;
using System.Text;

namespace DeploymentOrchestrator.Tests.Cli.Fuzz;

/// <summary>Mutates a manifest file as a slip, an editor, a template engine or a broken disk might; the same seed gives the same mutations.</summary>
internal sealed class ManifestMutations(Random random)
{
    // Values in unexpected places. The last ones use YAML features beyond plain values.
    private static readonly string[] Nodes =
    [
        "", "null", "~", "[]", "{}", "\"\"", "''", "0", "-1", "0042", "0x1F", "0b11", "0o7", "1e3", "1e999", "-.inf", ".nan", "1_000",
        "012345670123", "12:30:45",
        "2001-01-01", "true", "no", "y", "On", "[1, null, {}, []]", "{a: {b: [c]}}", "{? [a] : b}", "[[[[[[]]]]]]", "text", "two words", "{{ .a.b }}",
        "\"{{ .a.providerStatus.b }}\"", "\"{{ .a.providerStatus }}\"", "\"{{\"", "\"}}\"", "\"{{ . }}\"", "\"\\0\"", "\"\\uD800\"", "\"\\U0001F600\"",
        "\"\\e[31m\"",
        "\u202Eabc", "é", "😀", "|", ">-", "|2", "|\n  a\n  b", ">\n a\n\n b", "!!int x", "!!int \"7\"", "!!str 7", "!!binary aGk=", "!foo bar",
        "!!set {a}", "&a x",
        "*a", "&a [*a]", "&a {b: *a}", "<<", "{<<: *a}", "{<<: [*a, *a]}", "@x", "`x", "%x", "- a", "? a", ": a", "# c", "a: b: c", "'", "\"", "[", "{", "]",
        "}", "---", "...",
        "{\"a\": 1, \"a\": 2}", "List", "v1", "Component", "secret-push", "deployment-orchestrator.io/v1alpha1",
    ];

    private static readonly string[] Lines =
    [
        "---", "...", "%YAML 1.1", "%TAG ! x", "\t", "\ta: b", "  ", "- ", "?", ":", "<<: *a", "a: &a {b: c}", "b: *a", "kind: List", "items:",
        "items: []", "metadata:",
        "spec: null", "\uFEFF---", "\uFEFFapiVersion: v1", "{\"kind\": \"List\", \"items\": [1]}", "]", "}", "'", "\"", "# comment",
        "{{- if .Values.x }}", "{{ end }}",
    ];

    private static readonly byte[] Bytes = [0x00, 0x01, 0x07, 0x08, 0x09, 0x0a, 0x0d, 0x1b, 0x7f, 0x80, 0x85, 0xa0, 0xc2, 0xe2, 0xed, 0xef, 0xf0, 0xfe, 0xff];

    /// <summary>The file after one to four mutations.</summary>
    public byte[] Mutate(string original, IReadOnlyList<string> others)
    {
        var text = original;
        for (var times = 1 + random.Next(4); times > 0; times--)
            text = MutateOnce(text, others);
        var bytes = Encoding.UTF8.GetBytes(text);
        return random.Next(5) == 0 ? Break(bytes) : bytes;
    }

    private string MutateOnce(string text, IReadOnlyList<string> others)
    {
        var lines = text.Split('\n').ToList();
        var at = random.Next(lines.Count);
        var end = Below(lines, at);
        switch (random.Next(18))
        {
            case 0:
                lines.RemoveRange(at, end - at);
                break;
            case 1:
                lines.InsertRange(random.Next(lines.Count), lines.GetRange(at, end - at));
                break;
            case 2:
                var other = random.Next(lines.Count);
                (lines[at], lines[other]) = (lines[other], lines[at]);
                break;
            case 3 or 4 or 5:
                lines.RemoveRange(at + 1, end - at - 1);
                lines[at] = WithValue(lines[at], Pick(Nodes));
                break;
            case 6:
                lines[at] = WithValue(lines[at], Pick(Nodes));
                break;
            case 7:
                lines.Insert(at, new string(' ', random.Next(6)) + Pick(Lines));
                break;
            case 8:
                lines[at] = lines[at].StartsWith(' ') && random.Next(2) == 0 ? lines[at][1..] : " " + lines[at];
                break;
            case 9:
                lines[at] = WithValue(lines[at], Nested());
                break;
            case 10:
                lines[at] = WithValue(lines[at], Huge());
                break;
            case 11:
                lines[at] = lines[at].Replace(":", $": &{(char)('a' + random.Next(3))}", StringComparison.Ordinal);
                break;
            case 12:
                lines[at] = WithValue(lines[at], $"*{(char)('a' + random.Next(3))}");
                break;
            case 13:
                lines[at] = lines[at].Replace("  ", "\t", StringComparison.Ordinal);
                break;
            case 14:
                lines[at] = Key(lines[at], Pick(Nodes));
                break;
            case 15:
                return text[..random.Next(text.Length + 1)];
            case 16:
                return text + (random.Next(2) == 0 ? "\n---\n" : "\n") + Pick(others);
            default:
                lines.InsertRange(at, Enumerable.Repeat(lines[at], random.Next(1, 50)));
                break;
        }

        return string.Join('\n', lines);
    }

    private byte[] Break(byte[] bytes)
    {
        var broken = bytes.ToList();
        for (var times = 1 + random.Next(3); times > 0 && broken.Count > 0; times--)
        {
            var at = random.Next(broken.Count);
            switch (random.Next(6))
            {
                case 0:
                    broken[at] = (byte)random.Next(256);
                    break;
                case 1:
                    broken.Insert(at, Bytes[random.Next(Bytes.Length)]);
                    break;
                case 2:
                    broken.RemoveRange(at, Math.Min(broken.Count - at, random.Next(1, 20)));
                    break;
                case 3:
                    broken.InsertRange(random.Next(2) == 0 ? 0 : at, [0xef, 0xbb, 0xbf]);
                    break;
                case 4:
                    return Encoding.Unicode.GetBytes((random.Next(2) == 0 ? "\uFEFF" : "") + Encoding.UTF8.GetString([.. broken]));
                default:
                    broken.RemoveRange(at, broken.Count - at);
                    break;
            }
        }

        return [.. broken];
    }

    // The lines below a line: those indented deeper.
    private static int Below(List<string> lines, int at)
    {
        var end = at + 1;
        while (end < lines.Count && lines[end].Length > 0 && Indentation(lines[end]) > Indentation(lines[at]))
            end++;
        return end;
    }

    private static int Indentation(string line) => line.Length - line.TrimStart(' ').Length;

    private static string WithValue(string line, string value)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 ? $"{line[..(colon + 1)]} {value}" : line.TrimStart().StartsWith('-')
            ? $"{new string(' ', Indentation(line))}- {value}" : $"{line}{value}";
    }

    private static string Key(string line, string key)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 ? $"{new string(' ', Indentation(line))}{key}{line[colon..]}" : line;
    }

    private string Nested()
    {
        var depth = random.Next(1, 300);
        return random.Next(3) switch
        {
            0 => new string('[', depth) + new string(']', depth),
            1 => string.Concat(Enumerable.Repeat("{a: ", depth)) + "1" + new string('}', depth),
            _ => new string('[', depth),
        };
    }

    private string Huge()
    {
        var length = random.Next(1_000, 60_000);
        return random.Next(7) switch
        {
            0 => new string('7', length),
            1 => "0x" + new string('f', length),
            2 => "0" + new string('7', length),
            3 => "1." + new string('3', length) + "e5",
            4 => "\"" + string.Concat(Enumerable.Repeat("{{ .a.providerStatus.b }}", length / 25)) + "\"",
            5 => "\"" + new string('x', length) + "\"",
            _ => "[" + string.Join(", ", Enumerable.Range(0, length / 10).Select(n => n.ToString(CultureInfo.InvariantCulture))) + "]",
        };
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
