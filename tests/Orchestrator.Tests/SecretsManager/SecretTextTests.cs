using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Tests.SecretsManager;

public sealed class SecretTextTests
{
    [Fact]
    public void A_SecretText_holds_a_copy_of_the_bytes()
    {
        var mine = "pa$$wörd"u8.ToArray();
        using var secret = new SecretText(mine);
        Array.Clear(mine);
        Assert.Equal("pa$$wörd"u8, secret.Utf8());
        Assert.Equal(9, secret.Length);
    }

    [Fact]
    public void The_memory_of_a_disposed_SecretText_reads_zero()
    {
        var secret = new SecretText("hunter2"u8);
        var memory = secret.Utf8();
        secret.Dispose();
        Assert.Equal(new byte[7], memory);
    }

    [Fact]
    public void A_disposed_SecretText_throws_on_use()
    {
        var secret = new SecretText("hunter2"u8);
        secret.Dispose();
        secret.Dispose();
        Assert.Throws<ObjectDisposedException>(() => secret.Length);
        Assert.Throws<ObjectDisposedException>(() => secret.Utf8().Length);
    }

    [Fact]
    public void No_formatter_or_serializer_prints_a_SecretText()
    {
        using var secret = new SecretText("hunter2"u8);
        using var buffer = new SecretBuffer().Append("hunter2"u8);
        foreach (var holder in new object[] { secret, buffer })
        {
            string[] prints = [$"{holder}", string.Concat(holder), Serialized(holder), Serialized(new { holder })];
            Assert.All(prints, print => Assert.DoesNotContain("hunter2", print, StringComparison.Ordinal));
            // Base64 and decimal are how a serializer would print bytes.
            Assert.All(prints, print => Assert.DoesNotContain("aHVudGVyMg", print, StringComparison.Ordinal));
            Assert.All(prints, print => Assert.DoesNotContain("104,117", print, StringComparison.Ordinal));
            Assert.Equal("***", holder.ToString());
        }
    }

    private static string Serialized(object holder)
    {
        try
        {
            return JsonSerializer.Serialize(holder);
        }
        catch (InvalidOperationException refusal)
        {
            return refusal.ToString();
        }
    }

    [Theory]
    [InlineData(typeof(SecretText))]
    [InlineData(typeof(SecretBuffer))]
    public void The_debugger_display_hides_a_SecretText(Type type)
    {
        Assert.Equal("***", type.GetCustomAttribute<DebuggerDisplayAttribute>()!.Value);
        Assert.All(
            type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Where(field => field.FieldType == typeof(byte[])),
            field => Assert.Equal(DebuggerBrowsableState.Never, field.GetCustomAttribute<DebuggerBrowsableAttribute>()!.State));
        Assert.All(type.GetProperties(), property => Assert.Equal(typeof(int), property.PropertyType));
    }
}
