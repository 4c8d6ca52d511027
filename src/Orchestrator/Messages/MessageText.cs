using System.Text;

namespace DeploymentOrchestrator.Messages;

/// <summary>The text of a status message.</summary>
internal static class MessageText
{
    /// <summary>The maximum size of a message, in bytes of UTF-8.</summary>
    public const int MaxBytes = 256;

    private const char Ellipsis = '…';

    /// <summary>
    /// The text as <see cref="VisibleText"/>, since other tools print a status to a terminal; a longer text is cut between two characters and ends with
    /// <c>…</c>.
    /// </summary>
    public static string Limit(string text, int maxBytes = MaxBytes)
    {
        text = VisibleText.Of(text);
        if (Encoding.UTF8.GetByteCount(text) <= maxBytes)
            return text;

        var room = maxBytes - new Rune(Ellipsis).Utf8SequenceLength;
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
                break;
            kept.Append(rune.ToString());
        }

        return kept.Append(Ellipsis).ToString();
    }
}
