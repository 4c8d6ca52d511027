namespace DeploymentOrchestrator.SecretsManager;

/// <summary>The answer of CreateSecret and UpdateSecret.</summary>
/// <param name="Arn">Full ARN with AWS's six-character suffix.</param>
/// <param name="Name">The secret's name.</param>
/// <param name="VersionId">The version that now holds the value: the request's token. Null if no value was sent.</param>
/// <param name="Date">AWS's clock as the answer's Date header gives it, in whole seconds.</param>
internal sealed record WrittenSecret(string Arn, string Name, string? VersionId, DateTimeOffset? Date);

/// <summary>The answer of DeleteSecret.</summary>
/// <param name="Arn">Full ARN. AWS answers a forced deletion even if the secret never existed; the ARN may then be empty.</param>
/// <param name="Name">The secret's name.</param>
/// <param name="DeletionDate">The time after which AWS deletes it for good, at a time of its own choosing.</param>
/// <param name="Date">AWS's clock as the answer's Date header gives it, in whole seconds.</param>
internal sealed record DeletedSecret(string Arn, string Name, DateTimeOffset? DeletionDate, DateTimeOffset? Date);

/// <summary>The answer of RestoreSecret.</summary>
/// <param name="Arn">Full ARN with AWS's six-character suffix.</param>
/// <param name="Name">The secret's name.</param>
/// <param name="Date">AWS's clock as the answer's Date header gives it, in whole seconds.</param>
internal sealed record RestoredSecret(string Arn, string Name, DateTimeOffset? Date);
