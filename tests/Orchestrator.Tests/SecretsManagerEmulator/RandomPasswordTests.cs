using DeploymentOrchestrator.SecretsManagerEmulator.Model;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

/// <summary>
/// The distribution of passwords. Each frequency is compared with its exact expectation within a margin from Hoeffding's
/// inequality, P(|frequency − p| ≥ margin) ≤ 2·exp(−2·draws·margin²), chosen so that all comparisons of a test together
/// fail by chance less than once in a thousand million runs.
/// </summary>
public sealed class RandomPasswordTests
{
    private static readonly string[] AllTypes =
        [CharacterType.Lowercase, CharacterType.Uppercase, CharacterType.Numbers, CharacterType.Punctuation];

    [Fact]
    public void The_types_are_the_94_printable_ASCII_characters()
    {
        Assert.Equal(Enumerable.Range(0x21, 94).Select(code => (char)code), AllTypes.SelectMany(type => type).Order());
        Assert.Equal([26, 26, 10, 32], AllTypes.Select(type => type.Length));
    }

    [Fact]
    public void A_password_has_exactly_the_requested_length_from_1_to_4096()
    {
        for (var length = 1; length <= RandomPassword.MaxLength; length++)
        {
            var password = new RandomPassword(length, AllTypes, includeSpace: false, "", requireEach: length >= 4).Next();
            Assert.Equal(length, password.Length);
            Assert.False(password.AsSpan().ContainsAnyExceptInRange('!', '~'));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(32)]
    public void Each_required_type_is_always_there(int length)
    {
        var generator = new RandomPassword(length, AllTypes, includeSpace: true, "", requireEach: true);
        for (var draw = 0; draw < 5_000; draw++)
        {
            var password = generator.Next();
            Assert.All(AllTypes, type => Assert.True(password.AsSpan().ContainsAny(type), password));
        }
    }

    [Fact]
    public void Without_the_requirement_a_type_may_be_missing()
    {
        // A password of 4 lacks a digit with probability (84/94)^4 = 0.64: 1000 that all have one would be a miracle.
        var generator = new RandomPassword(4, AllTypes, includeSpace: false, "", requireEach: false);
        Assert.Contains(Draw(generator, 1_000), password => !password.Any(char.IsAsciiDigit));
    }

    [Fact]
    public void Excluded_characters_never_occur_and_all_others_do()
    {
        const string Excluded = "aB3$^]-\\ ";
        var generator = new RandomPassword(64, AllTypes, includeSpace: true, Excluded, requireEach: true);
        var seen = Draw(generator, 5_000).SelectMany(password => password).ToHashSet();
        Assert.Equal(AllTypes.SelectMany(type => type).Except(Excluded).Order(), seen.Order());
    }

    [Fact]
    public void Every_character_is_equally_likely()
    {
        const int Draws = 20_000;
        const int Length = 32;
        var generator = new RandomPassword(Length, AllTypes, includeSpace: true, "", requireEach: false);
        var counts = Draw(generator, Draws).SelectMany(password => password).CountBy(character => character).ToDictionary();
        Assert.Equal(95, counts.Count);
        var margin = Margin(Draws * Length, comparisons: 95);
        Assert.All(counts.Values, count => AssertNear(1.0 / 95, count / (double)(Draws * Length), margin));
    }

    [Fact]
    public void Every_type_is_equally_likely_at_every_position()
    {
        const int Draws = 40_000;
        const int Length = 8;
        var passwords = Draw(new RandomPassword(Length, AllTypes, includeSpace: false, "", requireEach: true), Draws);
        var margin = Margin(Draws, comparisons: Length * AllTypes.Length);
        foreach (var type in AllTypes)
        {
            var expected = ExpectedShare(type.Length, [.. AllTypes.Except([type]).Select(other => other.Length)], Length);
            for (var place = 0; place < Length; place++)
            {
                var count = passwords.Count(password => type.Contains(password[place], StringComparison.Ordinal));
                AssertNear(expected, count / (double)Draws, margin);
            }
        }
    }

    /// <summary>
    /// Of the 14 strings of four letters from {a, 0} that have both, each must come up once in 14. Placing one of each
    /// first and shuffling would not do: it makes half of them 2+2, instead of 6 in 14.
    /// </summary>
    [Fact]
    public void Every_password_that_satisfies_the_options_is_equally_likely()
    {
        const int Draws = 100_000;
        var exceptA0 = string.Concat(AllTypes.SelectMany(type => type).Except("a0"));
        var generator = new RandomPassword(4, [CharacterType.Lowercase, CharacterType.Numbers], includeSpace: false, exceptA0, requireEach: true);
        var counts = Draw(generator, Draws).CountBy(password => password).ToDictionary();
        Assert.Equal(14, counts.Count);
        var margin = Margin(Draws, comparisons: 15);
        Assert.All(counts.Values, count => AssertNear(1.0 / 14, count / (double)Draws, margin));
        var halves = counts.Where(entry => entry.Key.Count(char.IsAsciiDigit) == 2).Sum(entry => entry.Value);
        AssertNear(6.0 / 14, halves / (double)Draws, margin);
    }

    private static List<string> Draw(RandomPassword generator, int draws) => [.. Enumerable.Range(0, draws).Select(_ => generator.Next())];

    private static double Margin(int draws, int comparisons) => Math.Sqrt(Math.Log(2 * comparisons / 1e-9) / (2.0 * draws));

    private static void AssertNear(double expected, double actual, double margin) =>
        Assert.InRange(actual, expected - margin, expected + margin);

    /// <summary>
    /// How often a position holds a type, among the strings of a length that contain this and all the other types: counted by inclusion and exclusion over
    /// the sets of types missing elsewhere.
    /// </summary>
    private static double ExpectedShare(int type, int[] others, int length)
    {
        double here = 0, all = 0;
        var total = type + others.Sum();
        for (var missing = 0; missing < 1 << others.Length; missing++)
        {
            var left = total - others.Where((_, index) => (missing >> index & 1) == 1).Sum();
            var sign = int.PopCount(missing) % 2 == 0 ? 1 : -1;
            here += sign * type * Math.Pow(left, length - 1);
            all += sign * (Math.Pow(left, length) - Math.Pow(left - type, length));
        }
        return here / all;
    }
}
