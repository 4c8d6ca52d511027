namespace DeploymentOrchestrator.SecretsManagerEmulator.Model;

/// <summary>A SecretString or a SecretBinary. A class, not a record: it must not print.</summary>
internal sealed class SecretValue(byte[] bytes, bool isText)
{
    /// <summary>1–65,536 bytes; for a string its UTF-8 bytes.</summary>
    public const int MaxBytes = 65_536;

    public byte[] Bytes { get; } = bytes;

    public bool IsText { get; } = isText;

    public bool Same(SecretValue other) => IsText == other.IsText && Bytes.AsSpan().SequenceEqual(other.Bytes);
}
