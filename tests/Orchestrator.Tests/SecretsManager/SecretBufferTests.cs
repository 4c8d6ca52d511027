using System.Text;
using System.Text.Json;
using DeploymentOrchestrator.SecretsManager;
using FsCheck.Xunit;

namespace DeploymentOrchestrator.Tests.SecretsManager;

public sealed class SecretBufferTests
{
    /// <summary>Any UTF-16, including control characters and lone surrogates. The latter become U+FFFD, as in System.Text.Json.</summary>
    [Property]
    public void Any_text_is_read_back_by_System_Text_Json(ushort[] units)
    {
        var text = new string([.. units.Select(unit => (char)unit)]);
        var wellFormed = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        using var ofChars = new SecretBuffer().AppendJsonString(text);
        using var ofBytes = new SecretBuffer().AppendJsonString(Encoding.UTF8.GetBytes(text));
        Assert.Equal(wellFormed, JsonSerializer.Deserialize<string>(ofChars.Utf8()));
        Assert.Equal(ofChars.Utf8(), ofBytes.Utf8());
    }

    [Fact]
    public void Every_character_that_passwords_and_control_codes_use_is_read_back()
    {
        var text = new string([.. Enumerable.Range(0, 0x180).Select(c => (char)c)]);
        using var json = new SecretBuffer().AppendJsonString(text);
        Assert.Equal(text, JsonSerializer.Deserialize<string>(json.Utf8()));
    }

    [Property]
    public void A_document_survives_being_a_string_in_another(IDictionary<string, string?> fields)
    {
        var expected = fields.ToDictionary(field => WellFormed(field.Key), field => WellFormed(field.Value ?? ""));
        using var document = new SecretBuffer().Append("{"u8);
        foreach (var (name, value) in expected)
        {
            if (document.Length > 1)
                document.Append(","u8);
            document.AppendJsonString(name).Append(":"u8).AppendJsonString(Encoding.UTF8.GetBytes(value));
        }
        using var text = document.Append("}"u8).ToSecretText();

        using var outer = new SecretBuffer().AppendJsonString(text.Utf8());
        var inner = JsonSerializer.Deserialize<string>(outer.Utf8())!;
        Assert.Equal(expected, JsonSerializer.Deserialize<Dictionary<string, string>>(inner));
    }

    [Fact]
    public void Only_characters_that_JSON_must_escape_are_escaped()
    {
        using var json = new SecretBuffer().AppendJsonString("a\"b\\c/d<&>'\u007fé\u2028\n\r\t\b\f\u0001\u001f"u8);
        Assert.Equal("\"a\\\"b\\\\c/d<&>'\u007fé\u2028\\n\\r\\t\\u0008\\u000c\\u0001\\u001f\"", Encoding.UTF8.GetString(json.Utf8()));
    }

    [Fact]
    public void The_old_memory_of_a_grown_buffer_reads_zero()
    {
        using var buffer = new SecretBuffer().Append("hunter2"u8);
        var left = buffer.Utf8();
        buffer.Append(new byte[100_000]);
        Assert.Equal(new byte[7], left);
        Assert.Equal("hunter2"u8, buffer.Utf8()[..7]);
        Assert.Equal(100_007, buffer.Length);
    }

    [Fact]
    public void The_memory_of_a_cleared_or_disposed_buffer_reads_zero()
    {
        var buffer = new SecretBuffer().Append("hunter2"u8);
        var memory = buffer.Utf8();
        buffer.Clear();
        Assert.Equal(new byte[7], memory);
        Assert.Equal(0, buffer.Length);

        buffer.Append("hunter3"u8);
        Assert.Equal("hunter3"u8, memory);
        buffer.Dispose();
        Assert.Equal(new byte[7], memory);
        Assert.Throws<ObjectDisposedException>(() => buffer.Append("x"u8));
        Assert.Throws<ObjectDisposedException>(() => buffer.ToSecretText());
    }

    [Fact]
    public void A_text_outlives_its_buffer()
    {
        var buffer = new SecretBuffer().Append("hunter2"u8);
        using var text = buffer.ToSecretText();
        buffer.Dispose();
        Assert.Equal("hunter2"u8, text.Utf8());
    }

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
