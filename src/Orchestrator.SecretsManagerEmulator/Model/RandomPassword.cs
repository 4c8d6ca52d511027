using System.Security.Cryptography;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Model;

/// <summary>A request for a random password: a length, the characters to draw from, and the types of which one each must occur.</summary>
/// <remarks>
/// Each character is drawn uniformly by the operating system's generator, and a password that lacks a required type is discarded as a whole. So every
/// password that satisfies the options is equally likely. Placing one character of each type first and shuffling would favour passwords with many
/// characters of one type. The cost is small: with AWS's four types a draw of the shortest legal length succeeds once in 15; the rarest case that
/// exclusions allow (single characters of all types but one, the shortest length) once in about ten thousand.
/// </remarks>
internal sealed class RandomPassword
{
    public const int DefaultLength = 32;
    public const int MaxLength = 4096;

    private readonly int length;
    private readonly char[] allowed;
    private readonly string[] required;

    /// <param name="length">1–4096.</param>
    /// <param name="types">The character types switched on; see <see cref="CharacterType"/>.</param>
    /// <param name="includeSpace">Whether the space may occur. AWS's documentation does not list it among the required types.</param>
    /// <param name="excluded">Characters that must not occur.</param>
    /// <param name="requireEach">Whether each type must occur.</param>
    public RandomPassword(int length, IEnumerable<string> types, bool includeSpace, string excluded, bool requireEach)
    {
        var classes = types.Select(type => string.Concat(type.Except(excluded))).ToArray();
        this.length = length;
        allowed = [.. classes.SelectMany(type => type), .. includeSpace ? " ".Except(excluded) : []];
        required = requireEach ? classes : [];

        if (allowed.Length == 0)
            throw ApiException.InvalidParameter("All characters have been excluded from selection");
        if (required.Any(type => type.Length == 0))
            throw ApiException.InvalidParameter("All characters of the desired type have been excluded");
        if (length < required.Length)
            throw ApiException.InvalidParameter("Password length is too short based on the required types.");
    }

    public string Next()
    {
        var password = new char[length];
        do
        {
            RandomNumberGenerator.GetItems(allowed, password);
        }
        while (!Array.TrueForAll(required, type => password.AsSpan().ContainsAny(type)));
        return new string(password);
    }
}
