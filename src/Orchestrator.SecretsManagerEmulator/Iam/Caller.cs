namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>Who calls, and where.</summary>
/// <param name="Account">12 digits.</param>
/// <param name="Region">Of the request's credential scope.</param>
/// <param name="PrincipalArn">As GetCallerIdentity and refusals name it.</param>
/// <param name="Tags">The tags of a role's session; null where there is none.</param>
internal sealed record Caller(string Account, string Region, string PrincipalArn, IReadOnlyDictionary<string, string>? Tags = null);
