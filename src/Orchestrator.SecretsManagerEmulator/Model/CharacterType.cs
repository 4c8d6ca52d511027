namespace DeploymentOrchestrator.SecretsManagerEmulator.Model;

/// <summary>The character types of GetRandomPassword, as AWS documents them.</summary>
internal static class CharacterType
{
    public const string Lowercase = "abcdefghijklmnopqrstuvwxyz";
    public const string Uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    public const string Numbers = "0123456789";
    public const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
}
