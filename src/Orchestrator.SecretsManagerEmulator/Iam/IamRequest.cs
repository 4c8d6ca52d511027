namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>A request to a policy.</summary>
/// <param name="Action">For example <c>secretsmanager:CreateSecret</c>.</param>
/// <param name="Resource">An ARN, or <c>*</c> for an action that has no resource.</param>
/// <param name="ViaService">For actions on keys, the service that makes the call for the caller; otherwise null.</param>
/// <param name="Tags">The caller's tags, for <c>${aws:PrincipalTag/key}</c>; null for none.</param>
internal sealed record IamRequest(string Action, string Resource, string? ViaService = null, IReadOnlyDictionary<string, string>? Tags = null);
