namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>The caller of a request, and its region.</summary>
/// <param name="Account">12 digits.</param>
/// <param name="Region">Of the request's credential scope.</param>
/// <param name="PrincipalArn">As GetCallerIdentity and refusals name it.</param>
/// <param name="Tags">The tags of a role's session; null if there are none.</param>
internal sealed record Caller(string Account, string Region, string PrincipalArn, IReadOnlyDictionary<string, string>? Tags = null);
