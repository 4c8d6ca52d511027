namespace DeploymentOrchestrator.SecretsManagerEmulator.Wire;

/// <summary>A refusal to send: an AWS error code, its message and the HTTP status.</summary>
internal sealed class ApiException(string code, string message, int status = 400) : Exception(message)
{
    public string Code { get; } = code;

    /// <summary>400 for every client error: Secrets Manager uses it even for "not found".</summary>
    public int Status { get; } = status;

    public static ApiException NotFound() => NotFound("Secrets Manager can't find the specified secret.");

    public static ApiException NotFound(string message) => new("ResourceNotFoundException", message);

    public static ApiException InvalidRequest(string message) => new("InvalidRequestException", message);

    public static ApiException InvalidParameter(string message) => new("InvalidParameterException", message);

    public static ApiException Validation(string message) => new("ValidationException", message);

    public static ApiException Exists(string message) => new("ResourceExistsException", message);

    public static ApiException MalformedPolicy() =>
        new("MalformedPolicyDocumentException", "This resource policy contains invalid Json.");

    public static ApiException LimitExceeded(string what) =>
        new("LimitExceededException", $"The request failed because it would exceed one of the Secrets Manager quotas: {what}.");

    public static ApiException Serialization(string message) => new("SerializationException", message);

    public static ApiException Throttled() => new("ThrottlingException", "Rate exceeded");

    public static ApiException UnknownOperation() => new("UnknownOperationException", "The operation is not known.");

    public static ApiException Denied(string principal, string action, string resource, string why) =>
        new("AccessDeniedException", $"User: {principal} is not authorized to perform: {action} on resource: {resource} {why}");

    /// <summary>Secrets Manager does not say which key, or which right on it, was missing.</summary>
    public static ApiException KeyDenied() => new("AccessDeniedException", "Access to KMS is not allowed");
}
