using System.Security.Cryptography;
using System.Text;

namespace DeploymentOrchestrator.Api;

/// <summary>Short digests: the beginning of a SHA-256 in lower-case base32, 5 bits a character.</summary>
internal static class ShortDigest
{
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>So many characters of the digest of the parts; a part boundary counts.</summary>
    public static string Of(int characters, params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
            text.Append(part.Length).Append(':').Append(part);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        var digest = new char[characters];
        for (var i = 0; i < characters; i++)
        {
            var bit = i * 5;
            var pair = (hash[bit / 8] << 8) | hash[(bit / 8) + 1];
            digest[i] = Base32[(pair >> (11 - (bit % 8))) & 31];
        }

        return new(digest);
    }

    /// <summary>A number in so many characters of the same alphabet.</summary>
    public static string Text(long number, int characters) => string.Create(characters, number, static (text, rest) =>
    {
        for (var i = text.Length - 1; i >= 0; i--, rest >>= 5)
            text[i] = Base32[(int)(rest & 31)];
    });

    /// <summary>The number that such characters write.</summary>
    public static long Number(ReadOnlySpan<char> text)
    {
        var number = 0L;
        foreach (var c in text)
            number = (number << 5) | (long)Base32.IndexOf(c, StringComparison.Ordinal);
        return number;
    }
}
