using System.Diagnostics;
using System.Security.Cryptography;

namespace DeploymentOrchestrator.SecretsManager;

/// <summary>
/// Builds secret text: a growing buffer of pinned memory. Outgrown memory is cleared, and so is all of it on <see cref="Dispose"/>.
/// It escapes JSON strings itself, because the runtime's JSON writer rents arrays from a pool that is not cleared.
/// Not safe for use by several threads.
/// </summary>
[DebuggerDisplay("***")]
internal sealed class SecretBuffer : IDisposable
{
    private const int SmallestCapacity = 256;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private byte[]? bytes;

    /// <summary>How many bytes have been written.</summary>
    public int Length { get; private set; }

    /// <param name="capacity">Bytes to reserve; the buffer grows beyond it as needed.</param>
    public SecretBuffer(int capacity = SmallestCapacity) => bytes = Pinned(Math.Max(capacity, SmallestCapacity));

    /// <summary>The bytes written. The span is valid until the next write, <see cref="Clear"/> or <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">The buffer has been cleared for good.</exception>
    public ReadOnlySpan<byte> Utf8() => Open().AsSpan(0, Length);

    /// <summary>Appends bytes as they are.</summary>
    public SecretBuffer Append(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Reserve(utf8.Length));
        Length += utf8.Length;
        return this;
    }

    /// <summary>Appends a JSON string with its quotes and the escapes that RFC 8259 §7 requires.</summary>
    /// <param name="utf8">Well-formed UTF-8; it is not checked.</param>
    public SecretBuffer AppendJsonString(ReadOnlySpan<byte> utf8)
    {
        Append("\""u8);
        while (!utf8.IsEmpty)
        {
            var plain = LengthOfPlain(utf8);
            Append(utf8[..plain]);
            if (plain == utf8.Length)
                break;
            AppendEscaped(utf8[plain]);
            utf8 = utf8[(plain + 1)..];
        }
        return Append("\""u8);
    }

    /// <summary>The same for text that is not secret. A lone surrogate becomes U+FFFD.</summary>
    public SecretBuffer AppendJsonString(ReadOnlySpan<char> text)
    {
        Append("\""u8);
        foreach (var rune in text.EnumerateRunes())
        {
            if (MustEscape(rune.Value))
                AppendEscaped((byte)rune.Value);
            else
                Length += rune.EncodeToUtf8(Reserve(4));
        }
        return Append("\""u8);
    }

    /// <summary>A copy of the bytes written, of exactly their length.</summary>
    public SecretText ToSecretText() => new(Utf8());

    /// <summary>Overwrites everything with zeros and starts over.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(Open());
        Length = 0;
    }

    /// <summary>Always <c>***</c>.</summary>
    public override string ToString() => "***";

    /// <summary>Overwrites everything with zeros.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(bytes);
        bytes = null;
        Length = 0;
    }

    /// <summary>At least <paramref name="count"/> writable bytes behind what has been written; <see cref="Advance"/> says how many were used.</summary>
    internal Span<byte> Reserve(int count)
    {
        var open = Open();
        if (open.Length - Length < count)
        {
            var larger = Pinned(Math.Max(open.Length * 2, checked(Length + count)));
            open.AsSpan(0, Length).CopyTo(larger);
            CryptographicOperations.ZeroMemory(open);
            bytes = open = larger;
        }

        return open.AsSpan(Length);
    }

    internal void Advance(int count) => Length += count;

    /// <summary>Appends the rest of a stream, read straight into pinned memory.</summary>
    internal void AppendAll(Stream stream)
    {
        while (stream.Read(Reserve(SmallestCapacity)) is > 0 and var read)
            Length += read;
    }

    private byte[] Open()
    {
        ObjectDisposedException.ThrowIf(bytes is null, this);
        return bytes;
    }

    private static byte[] Pinned(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);

    private static int LengthOfPlain(ReadOnlySpan<byte> utf8)
    {
        for (var i = 0; i < utf8.Length; i++)
        {
            if (MustEscape(utf8[i]))
                return i;
        }
        return utf8.Length;
    }

    private static bool MustEscape(int value) => value is < ' ' or '"' or '\\';

    private void AppendEscaped(byte value) => Append(value switch
    {
        (byte)'"' => "\\\""u8,
        (byte)'\\' => "\\\\"u8,
        (byte)'\n' => "\\n"u8,
        (byte)'\r' => "\\r"u8,
        (byte)'\t' => "\\t"u8,
        _ => [.. "\\u00"u8, HexDigit(value >> 4), HexDigit(value & 15)],
    });

    private static byte HexDigit(int value) => "0123456789abcdef"u8[value];
}
