namespace DeploymentOrchestrator.SecretsManager;

/// <summary>
/// The one error of the Secrets Manager client; callers branch on <see cref="Kind"/>. Its message is the same for each repetition of a failure (request
/// ids and times are removed), and holds no request or response body. The caller's own cancellation is an
/// <see cref="OperationCanceledException"/> instead. There is no inner exception: the SDK's carry request ids and bodies.
/// </summary>
internal sealed class SecretsManagerException : Exception
{
    internal SecretsManagerException(string operation, AwsErrorKind kind, string? code, string message)
        : base($"{operation}: {message}") => (Operation, Kind, Code) = (operation, kind, code);

    /// <summary>AWS's name of the call, such as CreateSecret; the STS call before it may have failed.</summary>
    public string Operation { get; }

    /// <summary>The kind of error.</summary>
    public AwsErrorKind Kind { get; }

    /// <summary>AWS's code as sent; null if there is none.</summary>
    public string? Code { get; }
}

/// <summary>Neither the caller, the options, the environment nor the profile names a valid region.</summary>
internal sealed class MissingRegionException : Exception
{
    internal MissingRegionException(string message) : base(message)
    {
    }
}

/// <summary>The endpoint that the environment or the profile names is not a valid address.</summary>
internal sealed class InvalidEndpointException : Exception
{
    internal InvalidEndpointException(string message) : base(message)
    {
    }
}
