namespace DeploymentOrchestrator.SecretsManager;

/// <summary>Classifies AWS's errors by code, never by text.</summary>
internal static class AwsErrors
{
    private const string Suffix = "Exception";

    /// <summary>The kind of an error.</summary>
    /// <param name="code">
    /// AWS's code as sent; the suffix <c>Exception</c>, which services add or omit, does not matter. Null: none sent.
    /// </param>
    /// <param name="httpStatus">The answer's status, which decides if the code is unknown.</param>
    public static AwsErrorKind Classify(string? code, int httpStatus) => WithoutSuffix(code) switch
    {
        "ResourceNotFound" => AwsErrorKind.NotFound,
        "ResourceExists" => AwsErrorKind.AlreadyExists,
        "InvalidRequest" or "PreconditionNotMet" => AwsErrorKind.InvalidRequest,
        "InvalidParameter" or "InvalidParameterValue" or "Validation" or "ValidationError"
            or "Serialization" => AwsErrorKind.InvalidParameter,
        "MalformedPolicyDocument" or "PublicPolicy" => AwsErrorKind.MalformedPolicy,
        "EncryptionFailure" => AwsErrorKind.Encryption,
        "DecryptionFailure" => AwsErrorKind.Decryption,
        "LimitExceeded" => AwsErrorKind.LimitExceeded,

        "Throttling" or "Throttled" or "RequestThrottled" or "TooManyRequests" or "ProvisionedThroughputExceeded"
            or "TransactionInProgress" or "RequestLimitExceeded" or "BandwidthLimitExceeded" or "SlowDown"
            or "PriorRequestNotComplete" => AwsErrorKind.Throttled,

        // The only code of AWS's retry list that is not a throttle: the request arrived too late.
        "RequestTimeout" => AwsErrorKind.Network,

        // Including STS and KMS: a role that cannot be assumed and a key that cannot be used are denials like any other.
        "AccessDenied" or "KMSAccessDenied" or "NotAuthorized" or "UnauthorizedOperation" or "OptInRequired" or "RegionDisabled" => AwsErrorKind.Denied,

        "AuthFailure" or "UnrecognizedClient" or "InvalidClientTokenId" or "InvalidAccessKeyId" or "MissingAuthenticationToken"
            or "SignatureDoesNotMatch" or "InvalidSignature" or "IncompleteSignature"
            or "RequestExpired" or "RequestTimeTooSkewed" or "RequestInTheFuture"
            or "InvalidIdentityToken" or "IDPRejectedClaim" => AwsErrorKind.RejectedCredentials,

        "ExpiredToken" or "TokenRefreshRequired" => AwsErrorKind.ExpiredCredentials,
        "InternalServiceError" or "InternalServerError" or "InternalFailure" or "ServiceUnavailable" => AwsErrorKind.Internal,

        _ => httpStatus switch
        {
            >= 500 => AwsErrorKind.Internal,
            429 => AwsErrorKind.Throttled,
            401 or 403 => AwsErrorKind.Denied,
            _ => AwsErrorKind.Unknown,
        },
    };

    private static string? WithoutSuffix(string? code) =>
        code is not null && code.EndsWith(Suffix, StringComparison.Ordinal) ? code[..^Suffix.Length] : code;
}
