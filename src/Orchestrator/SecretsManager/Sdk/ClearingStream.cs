using System.Buffers;
using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>
/// An HTTP/1.1 connection whose buffers keep no body. <see cref="HttpClient"/> has a write buffer and a read buffer, and overwrites them only with the
/// connection's next call. The first is cleared once it is written, and the second receives only the heads of answers.
/// </summary>
/// <param name="inner">The connection in plain text: above TLS, if any.</param>
internal sealed class ClearingStream(Stream inner) : Stream
{
    // SslStream reads one TLS record at a time, of at most 16 KiB plus its frame.
    private const int RecordSize = 16 * 1024;
    private const int PooledSize = RecordSize + 1;

    private readonly byte[] received = GC.AllocateUninitializedArray<byte>(RecordSize, pinned: true);
    private int start;
    private int end;
    private AnswerHead head = new();
    private byte[]? requests;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // An empty read: HttpClient waits for the end of an idle connection.
        if (start == end && buffer.IsEmpty)
            return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        // On the thread that read: see Received.
        if (start == end)
            Received(await inner.ReadAsync(received, cancellationToken).ConfigureAwait(false));
        return HandOut(buffer.Span);
    }

    public override int Read(Span<byte> buffer)
    {
        // SslStream reads into a span through an array of the shared pool, which it does not clear.
        if (start == end)
            Received(inner.Read(received, 0, received.Length));
        return HandOut(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A request begins in HttpClient's own buffer, so that buffer is known. A large body is written from the AWS SDK's own array, which a retry needs.
        var isArray = MemoryMarshal.TryGetArray(buffer, out var segment);
        if (isArray && segment.AsSpan().StartsWith("POST "u8))
        {
            requests = segment.Array;
            head = new();
        }

        try
        {
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (isArray && segment.Array == requests)
                CryptographicOperations.ZeroMemory(segment);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private void Received(int count)
    {
        (start, end) = (0, count);
        // SslStream decrypts into a buffer of the shared pool and returns it without clearing. The next rent of that size on this thread gets the same
        // buffer.
        if (inner is SslStream)
            ArrayPool<byte>.Shared.Return(ArrayPool<byte>.Shared.Rent(PooledSize), clearArray: true);
    }

    private int HandOut(Span<byte> buffer)
    {
        var available = received.AsSpan(start, end - start);
        // HttpClient searches its own buffer for the end of a head, and reads a body directly into its caller's.
        var count = Math.Min(buffer.Length, head.IsOver ? available.Length : head.Take(available[..Math.Min(buffer.Length, available.Length)]));
        available[..count].CopyTo(buffer);
        CryptographicOperations.ZeroMemory(available[..count]);
        start += count;
        return count;
    }
}
