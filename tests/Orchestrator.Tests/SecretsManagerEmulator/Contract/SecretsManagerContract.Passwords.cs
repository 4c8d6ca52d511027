namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator.Contract;

public abstract partial class SecretsManagerContract
{
    private const string AllTypesOff = "All characters have been excluded from selection";

    [Fact]
    public async Task Case42_By_default_a_password_has_32_characters_of_all_four_types()
    {
        Case(42);
        for (var draw = 0; draw < Draws; draw++)
        {
            var password = (await Password(new { })).Ok().Text("RandomPassword");
            Assert.Equal(32, password.Length);
            Assert.Contains(password, char.IsAsciiLetterLower);
            Assert.Contains(password, char.IsAsciiLetterUpper);
            Assert.Contains(password, char.IsAsciiDigit);
            Assert.Contains(password, IsPunctuation);
            Assert.DoesNotContain(password, character => character is <= ' ' or > '~');
        }
    }

    [Fact]
    public async Task Case43_A_password_has_1_to_4096_characters_and_room_for_the_required_types()
    {
        Case(43);
        Assert.Equal(4096, (await Password(new { PasswordLength = 4096 })).Ok().Text("RandomPassword").Length);
        (await Password(new { PasswordLength = 0 })).Refused(Validation);
        (await Password(new { PasswordLength = 4097 })).Refused(Validation);
        (await Password(new { PasswordLength = 3 }))
            .Refused($"{InvalidParameter}|{InvalidRequest}", "Password length is too short based on the required types.");
    }

    [Fact]
    public async Task Case44_The_shortest_passwords_have_exactly_the_length_asked_for()
    {
        Case(44);
        var one = (await Password(new { PasswordLength = 1, RequireEachIncludedType = false })).Ok();
        Assert.Single(one.Text("RandomPassword"));
        for (var draw = 0; draw < Draws; draw++)
        {
            var four = (await Password(new { PasswordLength = 4 })).Ok().Text("RandomPassword");
            Assert.Equal(
                ["digit", "lower", "punctuation", "upper"],
                four.Select(character => char.IsAsciiLetterLower(character) ? "lower"
                    : char.IsAsciiLetterUpper(character) ? "upper"
                    : char.IsAsciiDigit(character) ? "digit"
                    : IsPunctuation(character) ? "punctuation" : "none").Order());
        }
    }

    [Fact]
    public async Task Case45_A_password_needs_characters_to_be_made_of()
    {
        Case(45);
        (await Password(new { ExcludeLowercase = true, ExcludeUppercase = true, ExcludeNumbers = true, ExcludePunctuation = true }))
            .Refused($"{InvalidParameter}|{InvalidRequest}", AllTypesOff);
        (await Password(new { ExcludeCharacters = "0123456789" }))
            .Refused($"{InvalidParameter}|{InvalidRequest}", "All characters of the desired type have been excluded");
        var withoutDigits = (await Password(new { ExcludeCharacters = "0123456789", RequireEachIncludedType = false })).Ok();
        Assert.DoesNotContain(withoutDigits.Text("RandomPassword"), char.IsAsciiDigit);
    }

    [Fact]
    public async Task Case45_The_space_may_be_all_that_is_left()
    {
        Case(45);
        var spaces = (await Password(new
        {
            ExcludeLowercase = true,
            ExcludeUppercase = true,
            ExcludeNumbers = true,
            ExcludePunctuation = true,
            IncludeSpace = true,
            PasswordLength = 3,
        })).Ok();
        Assert.Equal("   ", spaces.Text("RandomPassword"));
    }

    [Fact]
    public async Task Case46_Excluded_characters_are_meant_literally()
    {
        Case(46);
        const string Excluded = @"^]\-[.*";
        var password = (await Password(new { ExcludeCharacters = Excluded, PasswordLength = 4096 })).Ok().Text("RandomPassword");
        Assert.Equal(94 - Excluded.Length, password.Distinct().Count());
        Assert.DoesNotContain(password, character => Excluded.Contains(character, StringComparison.Ordinal));
        (await Password(new { ExcludeCharacters = new string('a', 4096) })).Ok();
        (await Password(new { ExcludeCharacters = new string('a', 4097) })).Refused(Validation);
    }

    /// <summary>A password of 4096 characters lacks one of 94 with a probability below 94 × (93/94)^4096 ≈ 10^-17.</summary>
    [Theory]
    [InlineData("ExcludeLowercase", 94 - 26)]
    [InlineData("ExcludeUppercase", 94 - 26)]
    [InlineData("ExcludeNumbers", 94 - 10)]
    [InlineData("ExcludePunctuation", 94 - 32)]
    [InlineData("IncludeSpace", 95)]
    public async Task Case61_Each_switch_takes_its_own_characters_and_no_others(string option, int distinct)
    {
        Case(61);
        var options = new Dictionary<string, object> { [option] = true, ["PasswordLength"] = 4096 };
        var password = (await Password(options)).Ok().Text("RandomPassword");
        Assert.Equal(distinct, password.Distinct().Count());
        Func<char, bool> type = option switch
        {
            "ExcludeLowercase" => char.IsAsciiLetterLower,
            "ExcludeUppercase" => char.IsAsciiLetterUpper,
            "ExcludeNumbers" => char.IsAsciiDigit,
            "ExcludePunctuation" => IsPunctuation,
            _ => character => character == ' ',
        };
        Assert.Equal(option == "IncludeSpace", password.Any(type));
    }

    private static bool IsPunctuation(char character) => character is > ' ' and <= '~' && !char.IsAsciiLetterOrDigit(character);
}
