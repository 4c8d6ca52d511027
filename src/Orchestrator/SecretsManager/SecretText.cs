using System.Diagnostics;
using System.Security.Cryptography;

namespace DeploymentOrchestrator.SecretsManager;

/// <summary>
/// Secret UTF-8 bytes in pinned memory: the garbage collector never moves them, so no second copy is left behind, and
/// <see cref="Dispose"/> overwrites them with zeros. They never become a <see cref="string"/>: every formatter prints <c>***</c>,
/// and no property holds them, so serializers and structured loggers have nothing to find.
/// There is no finalizer on purpose: one could clear the bytes while a span of them is still being read.
/// Not safe for use while another thread disposes it.
/// </summary>
[DebuggerDisplay("***")]
internal sealed class SecretText : IDisposable
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private byte[]? bytes;

    /// <param name="utf8">Copied; the caller clears its own.</param>
    public SecretText(ReadOnlySpan<byte> utf8)
    {
        bytes = GC.AllocateUninitializedArray<byte>(utf8.Length, pinned: true);
        utf8.CopyTo(bytes);
    }

    /// <summary>How many bytes the secret has in UTF-8.</summary>
    /// <exception cref="ObjectDisposedException">The secret has been cleared.</exception>
    public int Length => Array.Length;

    /// <summary>The bytes themselves, only for sending to AWS.</summary>
    internal byte[] Array
    {
        get
        {
            ObjectDisposedException.ThrowIf(bytes is null, this);
            return bytes;
        }
    }

    /// <summary>The secret's bytes. The span is valid until <see cref="Dispose"/>, and reads zeros after it.</summary>
    /// <exception cref="ObjectDisposedException">The secret has been cleared.</exception>
    public ReadOnlySpan<byte> Utf8() => Array;

    /// <summary>Always <c>***</c>.</summary>
    public override string ToString() => "***";

    /// <summary>Overwrites the secret with zeros.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(bytes);
        bytes = null;
    }
}
