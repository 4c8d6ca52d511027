using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>Converts exceptions of the SDK to <see cref="SecretsManagerException"/>, by type and code.</summary>
internal static partial class SdkErrors
{
    private const int LongestMessage = 1024;

    private const string SearchedSources =
        "looked in the environment (AWS_ACCESS_KEY_ID), web identity (AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN), "
        + "the profile (AWS_PROFILE, ~/.aws), the container's (ECS, EKS Pod Identity) and EC2 instance metadata";

    private const string NoCredentials = $"no AWS credentials: {SearchedSources}";

    /// <summary>Whether an exception comes from the call, and not from a bug in this program.</summary>
    public static bool IsFromCall(Exception e) =>
        e is AmazonServiceException or AmazonClientException or JsonException or HttpRequestException or IOException or SocketException
            or AuthenticationException or TimeoutException or OperationCanceledException;

    /// <param name="operation">The call that failed.</param>
    /// <param name="e">The SDK's exception.</param>
    /// <param name="host">The host of the request.</param>
    /// <param name="timeout">The timeout of each attempt.</param>
    public static SecretsManagerException Translate(string operation, Exception e, string host, TimeSpan timeout)
    {
        // Not an AWS error, although it is derived from one: the answer could not be read.
        if (e is not AmazonUnmarshallingException && Refusal(e) is { } error)
            return OfAws(operation, error);
        if (e is AmazonClientException { InnerException: null })
            return new SecretsManagerException(operation, AwsErrorKind.Unknown, null, Stable(e.Message));
        return new SecretsManagerException(operation, AwsErrorKind.Network, null, $"no usable answer from {host}: {Cause(e, timeout)}");
    }

    /// <summary>The same for the credential lookup, which may include a call of STS.</summary>
    /// <param name="operation">The call that needs the credentials.</param>
    /// <param name="e">The SDK's exception.</param>
    /// <param name="timeout">The timeout of the lookup.</param>
    /// <param name="areSetUp">Whether a source exists, because it provided credentials before or is configured: getting none now is an outage.</param>
    public static SecretsManagerException TranslateCredentials(string operation, Exception e, TimeSpan timeout, bool areSetUp)
    {
        var reason = CredentialReason.Of(e, Environment.GetEnvironmentVariable("AWS_PROFILE"));
        if (CredentialReason.IsOfSso(e))
            return None(operation, reason, areSetUp);
        // During the lookup only STS and IAM Identity Center refuse; of STS, its own call was denied, not the caller's.
        if (Refusal(e) is { } error)
            return OfAws("AssumeRole", error);
        if (Innermost<UnusableCredentialsException>(e) is { } unusable)
            return new SecretsManagerException(operation, AwsErrorKind.RejectedCredentials, null, $"{unusable.Message}; {SearchedSources}, in this order");
        if (e is TimeoutException)
            return new SecretsManagerException(operation, AwsErrorKind.Network, null, $"{NoCredentials}; {Cause(e, timeout)}");
        // The SDK wraps the failure of its STS call, but not a failure of instance metadata.
        if (e is AmazonClientException && e.InnerException is (HttpRequestException or IOException or TimeoutException) and var cause)
            return new SecretsManagerException(operation, AwsErrorKind.Network, null, $"no answer from the source of AWS credentials: {Cause(cause, timeout)}");
        return None(operation, reason, areSetUp);
    }

    private static SecretsManagerException None(string operation, string? reason, bool areSetUp)
    {
        var why = reason is null ? "" : $"{WithoutHeader(Stable(reason), AwsErrorKind.NoCredentials)}; ";
        return areSetUp
            ? new(operation, AwsErrorKind.Network, null, $"no AWS credentials at the moment: {why}{SearchedSources}")
            : new(operation, AwsErrorKind.NoCredentials, null, $"no AWS credentials: {why}{SearchedSources}");
    }

    /// <summary>An error response of AWS; the SDK throws the same type, without a status, for some of its own errors.</summary>
    private static AmazonServiceException? Refusal(Exception e) =>
        Innermost<AmazonServiceException>(e) is { } error && (int)error.StatusCode > 0 ? error : null;

    private static SecretsManagerException OfAws(string operation, AmazonServiceException error)
    {
        var kind = AwsErrors.Classify(error.ErrorCode, (int)error.StatusCode);
        var code = string.IsNullOrEmpty(error.ErrorCode) ? null : error.ErrorCode;
        var message = code ?? $"HTTP {(int)error.StatusCode}";
        // AWS does not say which credentials it refused, nor does the SDK say where it found them.
        var where = kind is AwsErrorKind.ExpiredCredentials or AwsErrorKind.RejectedCredentials ? $"; {SearchedSources}, in this order" : "";
        return new SecretsManagerException(operation, kind, code, message + WithoutHeader(MessageOf(error, code), kind) + where);
    }

    /// <summary>AWS's own message, if there is a code; without one it is a proxy's.</summary>
    private static string MessageOf(AmazonServiceException error, string? code)
    {
        var said = error.Message;
        if (code is null || string.IsNullOrEmpty(said))
            return "";
        return ": " + Stable(string.IsNullOrEmpty(error.RequestId) ? said : said.Replace(error.RequestId, "…", StringComparison.Ordinal));
    }

    // When AWS refuses a signature, it quotes the header back, with the session token and the key id, in whose place some users write the secret key.
    private static string WithoutHeader(string said, AwsErrorKind kind)
    {
        var end = Header().Match(said) is { Success: true } header ? header.Index : said.Length;
        if (kind == AwsErrorKind.RejectedCredentials && said.IndexOf('\'', StringComparison.Ordinal) is >= 0 and var quote)
            end = Math.Min(end, quote);
        return end < said.Length ? $"{said[..end].TrimEnd()} …" : said;
    }

    private static string Stable(string message)
    {
        var stable = Space().Replace(Changing().Replace(message, "…"), " ");
        return stable.Length <= LongestMessage ? stable : stable[..LongestMessage] + "…";
    }

    private static string Cause(Exception e, TimeSpan timeout) =>
        e is TimeoutException or OperationCanceledException ? $"timed out after {timeout.TotalSeconds} s"
        : Innermost<SocketException>(e) is { } socket ? socket.SocketErrorCode.ToString()
        : Innermost<AuthenticationException>(e) is not null ? "the TLS handshake failed"
        : Innermost<HttpIOException>(e) is { } io ? io.HttpRequestError.ToString()
        : Innermost<HttpRequestException>(e) is { } request ? request.HttpRequestError.ToString()
        : Innermost<IOException>(e) is not null ? "the connection broke"
        : "the answer is not from AWS";

    private static T? Innermost<T>(Exception? e) where T : Exception
    {
        T? found = null;
        for (; e is not null; e = e.InnerException)
            found = e as T ?? found;
        return found;
    }

    // Ids of AWS's inner requests (to KMS: "Request ID: 1b2c…") and times (20260101T000000Z, 2026-01-01T00:00:00Z).
    [GeneratedRegex(
        @"(?<=request ?id:? ?)[0-9a-z-]{8,}|\b\d{8}T\d{6}Z|\b\d{4}-\d\d-\d\d[T ][\d:.]+Z?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Changing();

    [GeneratedRegex(
        @"\S*aws4_request|Authorization=|AWS4-HMAC-SHA256|Credential=|x-amz-security-token",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Header();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();
}
