using System.Security.Cryptography;
using System.Text;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Short names for long things: the beginning of a SHA-256 in lower-case base32, 5 bits a character.</summary>
internal static class ShortDigest
{
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
            digest[i] = "abcdefghijklmnopqrstuvwxyz234567"[(pair >> (11 - (bit % 8))) & 31];
        }

        return new(digest);
    }
}
