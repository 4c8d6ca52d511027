using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Tests.SecretsManager;

public sealed class AwsErrorsTests
{
    public static TheoryData<string?, int, object> Codes => new()
    {
        // Secrets Manager's own, as its API model 2017-10-17 names them.
        { "ResourceNotFoundException", 400, AwsErrorKind.NotFound },
        { "ResourceExistsException", 400, AwsErrorKind.AlreadyExists },
        { "InvalidRequestException", 400, AwsErrorKind.InvalidRequest },
        { "PreconditionNotMetException", 400, AwsErrorKind.InvalidRequest },
        { "InvalidParameterException", 400, AwsErrorKind.InvalidParameter },
        { "MalformedPolicyDocumentException", 400, AwsErrorKind.MalformedPolicy },
        { "PublicPolicyException", 400, AwsErrorKind.MalformedPolicy },
        { "EncryptionFailure", 400, AwsErrorKind.Encryption },
        { "DecryptionFailure", 400, AwsErrorKind.Decryption },
        { "LimitExceededException", 400, AwsErrorKind.LimitExceeded },
        { "InternalServiceError", 500, AwsErrorKind.Internal },

        // Those of every AWS service.
        { "ValidationException", 400, AwsErrorKind.InvalidParameter },
        { "ValidationError", 400, AwsErrorKind.InvalidParameter },
        { "SerializationException", 400, AwsErrorKind.InvalidParameter },
        { "AccessDeniedException", 400, AwsErrorKind.Denied },
        { "AccessDenied", 403, AwsErrorKind.Denied },
        { "KMSAccessDeniedException", 400, AwsErrorKind.Denied },
        { "NotAuthorized", 400, AwsErrorKind.Denied },
        { "UnrecognizedClientException", 400, AwsErrorKind.RejectedCredentials },
        { "InvalidClientTokenId", 403, AwsErrorKind.RejectedCredentials },
        { "InvalidAccessKeyId", 403, AwsErrorKind.RejectedCredentials },
        { "SignatureDoesNotMatch", 403, AwsErrorKind.RejectedCredentials },
        { "InvalidSignatureException", 400, AwsErrorKind.RejectedCredentials },
        { "IncompleteSignature", 400, AwsErrorKind.RejectedCredentials },
        { "MissingAuthenticationTokenException", 400, AwsErrorKind.RejectedCredentials },
        { "OptInRequired", 403, AwsErrorKind.Denied },
        { "AuthFailure", 401, AwsErrorKind.RejectedCredentials },
        { "UnauthorizedOperation", 403, AwsErrorKind.Denied },
        { "RequestExpired", 400, AwsErrorKind.RejectedCredentials },
        { "RequestTimeTooSkewed", 403, AwsErrorKind.RejectedCredentials },
        { "RequestInTheFuture", 403, AwsErrorKind.RejectedCredentials },
        { "ExpiredTokenException", 400, AwsErrorKind.ExpiredCredentials },
        { "ExpiredToken", 403, AwsErrorKind.ExpiredCredentials },
        { "TokenRefreshRequired", 400, AwsErrorKind.ExpiredCredentials },
        { "InternalFailure", 500, AwsErrorKind.Internal },
        { "InternalServerError", 500, AwsErrorKind.Internal },
        { "ServiceUnavailable", 503, AwsErrorKind.Internal },
        { "ServiceUnavailableException", 503, AwsErrorKind.Internal },

        // STS.
        { "InvalidIdentityToken", 400, AwsErrorKind.RejectedCredentials },
        { "IDPRejectedClaim", 403, AwsErrorKind.RejectedCredentials },
        { "RegionDisabledException", 403, AwsErrorKind.Denied },

        // AWS's retry list.
        { "Throttling", 400, AwsErrorKind.Throttled },
        { "ThrottlingException", 400, AwsErrorKind.Throttled },
        { "ThrottledException", 400, AwsErrorKind.Throttled },
        { "RequestThrottledException", 400, AwsErrorKind.Throttled },
        { "RequestThrottled", 400, AwsErrorKind.Throttled },
        { "TooManyRequestsException", 429, AwsErrorKind.Throttled },
        { "ProvisionedThroughputExceededException", 400, AwsErrorKind.Throttled },
        { "TransactionInProgressException", 400, AwsErrorKind.Throttled },
        { "RequestLimitExceeded", 503, AwsErrorKind.Throttled },
        { "BandwidthLimitExceeded", 400, AwsErrorKind.Throttled },
        { "SlowDown", 503, AwsErrorKind.Throttled },
        { "PriorRequestNotComplete", 400, AwsErrorKind.Throttled },
        { "RequestTimeout", 400, AwsErrorKind.Network },
        { "RequestTimeoutException", 400, AwsErrorKind.Network },

        // Unknown codes: the HTTP status decides.
        { null, 500, AwsErrorKind.Internal },
        { null, 502, AwsErrorKind.Internal },
        { "NeverHeardOf", 504, AwsErrorKind.Internal },
        { null, 429, AwsErrorKind.Throttled },
        { null, 403, AwsErrorKind.Denied },
        { null, 401, AwsErrorKind.Denied },
        { null, 400, AwsErrorKind.Unknown },
        { null, 404, AwsErrorKind.Unknown },
        { "", 400, AwsErrorKind.Unknown },
        { "Exception", 400, AwsErrorKind.Unknown },
        { "resourcenotfoundexception", 400, AwsErrorKind.Unknown },
        { "UnknownOperationException", 400, AwsErrorKind.Unknown },
    };

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_error_code_of_AWS_has_its_kind(string? code, int httpStatus, object kind) =>
        Assert.Equal(kind, (object)AwsErrors.Classify(code, httpStatus));
}
