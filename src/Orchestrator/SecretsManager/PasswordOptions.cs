namespace DeploymentOrchestrator.SecretsManager;

/// <summary>The input of GetRandomPassword. A null option is not sent, so AWS's own default applies.</summary>
/// <param name="PasswordLength">Characters, 1 to 4096; at least one for each required type.</param>
/// <param name="ExcludeCharacters">Characters that must not occur, up to 4096 of them.</param>
/// <param name="ExcludeNumbers">AWS's default: false.</param>
/// <param name="ExcludePunctuation">AWS's default: false.</param>
/// <param name="ExcludeUppercase">AWS's default: false.</param>
/// <param name="ExcludeLowercase">AWS's default: false.</param>
/// <param name="IncludeSpace">AWS's default: false.</param>
/// <param name="RequireEachIncludedType">AWS's default: true; lengths 1 to 3 are then refused unless types are excluded.</param>
internal sealed record PasswordOptions(
    int PasswordLength,
    string? ExcludeCharacters = null,
    bool? ExcludeNumbers = null,
    bool? ExcludePunctuation = null,
    bool? ExcludeUppercase = null,
    bool? ExcludeLowercase = null,
    bool? IncludeSpace = null,
    bool? RequireEachIncludedType = null);
