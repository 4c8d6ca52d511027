namespace DeploymentOrchestrator.SecretsManagerEmulator.Wire;

/// <summary>An answer ready to be sent; ErrorCode is for the log, and null for success.</summary>
internal sealed record Reply(int Status, string ContentType, byte[] Body, string? ErrorCode);

/// <summary>A request parsed up to its operation, and bound to its caller.</summary>
internal interface IRequest
{
    /// <summary>AWS's name of the operation; empty if there is none.</summary>
    string Operation { get; }

    /// <summary>The operation as IAM names it: <c>secretsmanager:CreateSecret</c>.</summary>
    string Action { get; }

    string? SecretId { get; }

    /// <exception cref="ApiException">Refused; nothing was changed.</exception>
    Reply Carry();

    Reply Refuse(ApiException refusal);
}

/// <summary>The JSON 1.1 protocol of AWS, as Secrets Manager speaks it.</summary>
internal static class Json11
{
    private const string ContentType = "application/x-amz-json-1.1";

    public static Reply Success(Output output) => new(200, ContentType, output.ToUtf8(), ErrorCode: null);

    public static Reply Error(ApiException refusal) =>
        new(refusal.Status, ContentType, Body(refusal).ToUtf8(), refusal.Code);

    private static Output Body(ApiException refusal) =>
        new Output().With("__type", refusal.Code).With(MessageName(refusal.Code), refusal.Message);

    /// <summary>
    /// The errors of Secrets Manager's own model say Message. Those of the layer in front of it seem to say message; clients
    /// must take both.
    /// </summary>
    private static string MessageName(string code) =>
        code is "ValidationException" or "ThrottlingException" or "SerializationException" or "UnknownOperationException"
            ? "message"
            : "Message";
}
