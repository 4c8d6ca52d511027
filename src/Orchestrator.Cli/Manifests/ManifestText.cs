using System.Text;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>The bytes of a manifest file as text.</summary>
internal static class ManifestText
{
    private static readonly (byte[] Mark, Encoding Encoding)[] Marked =
    [
        ([0xEF, 0xBB, 0xBF], new UTF8Encoding(false, throwOnInvalidBytes: true)),
        ([0xFF, 0xFE], new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true)),
        ([0xFE, 0xFF], new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true)),
    ];

    /// <summary>UTF-8, or what the byte order mark says. A problem where the bytes are not that, or hold a character that YAML forbids.</summary>
    public static (string Text, Diagnostic? Problem) Decode(string file, byte[] bytes)
    {
        var (mark, encoding) = Marked.FirstOrDefault(m => bytes.AsSpan().StartsWith(m.Mark), (Mark: [], Marked[0].Encoding));
        try
        {
            var text = encoding.GetString(bytes, mark.Length, bytes.Length - mark.Length);
            return (text, Forbidden(file, text));
        }
        catch (DecoderFallbackException e)
        {
            return ("", new(new SourcePosition(file), $"is no text in {encoding.WebName.ToUpperInvariant()}: byte {mark.Length + e.Index + 1} fits nowhere"));
        }
    }

    private static Diagnostic? Forbidden(string file, string text)
    {
        var at = text.AsSpan().IndexOfAny(Control);
        if (at < 0)
            return null;
        var before = text.AsSpan(0, at);
        var position = new SourcePosition(file, before.Count('\n') + 1, at - before.LastIndexOf('\n'));
        return new(position, $"holds the control character U+{(int)text[at]:X4}, which YAML forbids");
    }

    // What YAML calls not printable: all of C0 but tab and line ends, and DEL.
    private static readonly System.Buffers.SearchValues<char> Control = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c).Where(c => c is not ('\t' or '\n' or '\r')), '\u007F']);
}
