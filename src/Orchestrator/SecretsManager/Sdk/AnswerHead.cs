namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>Finds the end of an HTTP/1.1 answer's head, byte by byte. Interim answers, such as 100 Continue, count as a part of it.</summary>
internal struct AnswerHead()
{
    private const int StatusAt = 9;

    private int length;
    private bool isInterim;
    private bool isLineEmpty;

    /// <summary>Whether the body follows.</summary>
    public bool IsOver { get; private set; }

    /// <summary>How many of these bytes belong to the head.</summary>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (taken < bytes.Length && !IsOver)
            Add(bytes[taken++]);
        return taken;
    }

    private void Add(byte next)
    {
        if (length++ == StatusAt)
            isInterim = next == (byte)'1';
        if (next == (byte)'\n' && isLineEmpty)
            (IsOver, length, isLineEmpty) = (!isInterim, 0, false);
        else if (next != (byte)'\r')
            isLineEmpty = next == (byte)'\n';
    }
}
