namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>A flat JSON object, built in pinned memory since it may hold a secret. Nulls are left out.</summary>
internal sealed class RequestBody : IDisposable
{
    private readonly SecretBuffer json = new SecretBuffer().Append("{"u8);

    public bool HoldsSecret { get; private set; }

    public RequestBody Text(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            Name(name).AppendJsonString(value);
        return this;
    }

    public RequestBody Texts(ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        Name(name).Append("["u8);
        for (var i = 0; i < values.Count; i++)
            Separator(i).AppendJsonString(values[i]);
        json.Append("]"u8);
        return this;
    }

    public RequestBody Number(ReadOnlySpan<byte> name, int value)
    {
        Span<byte> digits = stackalloc byte[11];
        value.TryFormat(digits, out var length);
        Name(name).Append(digits[..length]);
        return this;
    }

    public RequestBody Flag(ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } flag)
            Name(name).Append(flag ? "true"u8 : "false"u8);
        return this;
    }

    public RequestBody Tags(ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string>? tags)
    {
        if (tags is null)
            return this;
        Name(name).Append("["u8);
        var i = 0;
        foreach (var (key, value) in tags)
        {
            Separator(i++).Append("{\"Key\":"u8).AppendJsonString(key);
            json.Append(",\"Value\":"u8).AppendJsonString(value).Append("}"u8);
        }
        json.Append("]"u8);
        return this;
    }

    public RequestBody Secret(ReadOnlySpan<byte> name, SecretText? value)
    {
        if (value is null)
            return this;
        HoldsSecret = true;
        Name(name).AppendJsonString(value.Utf8());
        return this;
    }

    /// <summary>The whole body.</summary>
    public SecretText Finish() => json.Append("}"u8).ToSecretText();

    public void Dispose() => json.Dispose();

    private SecretBuffer Name(ReadOnlySpan<byte> name) => Separator(json.Length - 1).AppendJsonString(name).Append(":"u8);

    private SecretBuffer Separator(int before) => before == 0 ? json : json.Append(","u8);
}
