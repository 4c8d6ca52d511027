namespace DeploymentOrchestrator.Messages;

/// <summary>The size of JSON as it is sent and stored: in UTF-8, with no more escapes than RFC 8259 §7 demands.</summary>
internal static class JsonSize
{
    /// <summary>The bytes of a text with its quotes.</summary>
    public static int Of(string text)
    {
        var bytes = 2;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Value switch
            {
                '"' or '\\' or '\n' or '\r' or '\t' => 2,
                < ' ' => 6,
                _ => rune.Utf8SequenceLength,
            };
        }

        return bytes;
    }
}
