using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>Generates a password; the service does not keep it.</summary>
internal static class GetRandomPassword
{
    public static Output Invoke(Call call, Input input)
    {
        var length = (int)(input.Long("PasswordLength", 1, RandomPassword.MaxLength) ?? RandomPassword.DefaultLength);
        var excluded = input.String("ExcludeCharacters", 0, 4096) ?? "";
        (string Switch, string Characters)[] types =
        [
            ("ExcludeLowercase", CharacterType.Lowercase),
            ("ExcludeUppercase", CharacterType.Uppercase),
            ("ExcludeNumbers", CharacterType.Numbers),
            ("ExcludePunctuation", CharacterType.Punctuation),
        ];
        var included = types.Where(type => !input.Bool(type.Switch)).Select(type => type.Characters);
        var requireEach = input.Bool("RequireEachIncludedType", whenAbsent: true);
        var password = new RandomPassword(length, included, input.Bool("IncludeSpace"), excluded, requireEach).Next();
        call.Store.Generated.Add(password);
        return new Output().With("RandomPassword", password);
    }
}
