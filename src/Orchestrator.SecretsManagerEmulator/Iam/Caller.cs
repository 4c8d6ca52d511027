namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>Who calls, and where.</summary>
/// <param name="Account">12 digits.</param>
/// <param name="Region">Of the request's credential scope.</param>
/// <param name="PrincipalArn">As GetCallerIdentity and refusals name it.</param>
internal sealed record Caller(string Account, string Region, string PrincipalArn);
