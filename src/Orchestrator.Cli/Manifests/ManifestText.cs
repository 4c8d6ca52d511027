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

    /// <summary>Decodes UTF-8, or the encoding of the byte order mark. A problem if the bytes are invalid in it, or contain a character that YAML
    /// forbids.</summary>
    public static (string Text, Diagnostic? Problem) Decode(string file, byte[] bytes)
    {
        var (mark, encoding) = Marked.FirstOrDefault(m => bytes.AsSpan().StartsWith(m.Mark), (Mark: [], Marked[0].Encoding));
        try
        {
            // Joined files keep their marks, each at the start of a line.
            var text = encoding.GetString(bytes, mark.Length, bytes.Length - mark.Length).Replace("\n\uFEFF", "\n", StringComparison.Ordinal);
            return (text, Forbidden(file, text, bytes));
        }
        catch (DecoderFallbackException e)
        {
            return ("",
                new(new SourcePosition(file),
                $"is not valid {encoding.WebName.ToUpperInvariant()}: byte {mark.Length + e.Index + 1} is invalid; save the file as UTF-8"));
        }
    }

    private static Diagnostic? Forbidden(string file, string text, byte[] bytes)
    {
        var at = text.AsSpan().IndexOfAny(Control);
        if (at < 0)
            return null;
        if (text[at] == '\0' && Wide(bytes) is { } encoding)
            return new(new SourcePosition(file), $"looks like {encoding}: save the file as UTF-8");
        var before = text.AsSpan(0, at);
        var position = new SourcePosition(file, before.Count('\n') + 1, at - before.LastIndexOf('\n'));
        return new(position, $"contains the control character U+{(int)text[at]:X4}, which YAML does not allow");
    }

    // Text of a Latin alphabet has a zero beside each character.
    private static string? Wide(byte[] bytes) => bytes switch
    {
        [0xFF, 0xFE, 0, 0, ..] or [not 0, 0, 0, 0, ..] or [0, 0, 0, not 0, ..] or [0, 0, 0xFE, 0xFF, ..] => "UTF-32",
        [not 0, 0, not 0, 0, ..] or [0, not 0, 0, not 0, ..] => "UTF-16 without a byte order mark",
        _ => null,
    };

    // YAML's non-printable characters: all of C0 but tab and line ends, and DEL.
    private static readonly System.Buffers.SearchValues<char> Control = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c).Where(c => c is not ('\t' or '\n' or '\r')), '\u007F']);
}
