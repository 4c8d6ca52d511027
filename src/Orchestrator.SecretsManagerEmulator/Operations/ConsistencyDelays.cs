namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>How long AWS's other servers do not see a call yet.</summary>
/// <param name="ForceDelete">How long after a forced deletion the secret still exists and its name is taken.</param>
/// <param name="ReadAfterCreate">How long after CreateSecret a read does not find the secret.</param>
internal sealed record ConsistencyDelays(TimeSpan ForceDelete, TimeSpan ReadAfterCreate);
