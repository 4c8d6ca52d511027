using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>How to reach Secrets Manager.</summary>
internal sealed record SecretsManagerOptions
{
    /// <summary>The region if a caller names none. Null: AWS_REGION, then AWS_DEFAULT_REGION, then the profile's.</summary>
    public string? Region { get; init; }

    /// <summary>
    /// Where to call instead of AWS, for Secrets Manager and STS alike, in every region. Null: AWS_ENDPOINT_URL_SECRETS_MANAGER and
    /// AWS_ENDPOINT_URL_STS, then AWS_ENDPOINT_URL, then the profile's <c>endpoint_url</c>, unless AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
    /// is true; then the region's own endpoint.
    /// </summary>
    /// <exception cref="ArgumentException">It is not an http or https address.</exception>
    public Uri? Endpoint
    {
        get;
        init
        {
            if (value is not null && (!value.IsAbsoluteUri || value.Scheme is not ("http" or "https")))
                throw new ArgumentException($"Endpoint must be an http or https address, not '{value}'.", nameof(value));
            field = value;
        }
    }

    /// <summary>The source of credentials.</summary>
    public AwsCredentialsSource Credentials { get; init; } = AwsCredentialsSource.DefaultChain;

    /// <summary>The role for calls of a namespace that name no role, with a session for each namespace. Null: without a role.</summary>
    public string? TenantRole { get; init; }

    /// <summary>
    /// The maximum number of attempts of a call, 1 to 10. Between attempts the SDK waits, jittered and doubling: from 50 ms, after a throttle from 1 s, up
    /// to 20 s. With a <see cref="QuotaShare"/>, throttles do not count; their maximum is <see cref="MaxThrottles"/>.
    /// </summary>
    public int MaxAttempts
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 10);
            field = value;
        }
    } = 3;

    /// <summary>The timeout of one attempt, to the last byte of the answer: above 0, up to 5 minutes.</summary>
    public TimeSpan AttemptTimeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(5));
            field = value;
        }
    } = TimeSpan.FromSeconds(10);

    /// <summary>How often a call under a <see cref="QuotaShare"/> may be throttled before it fails, after 51 s or more.</summary>
    public const int MaxThrottles = 7;

    /// <summary>
    /// The maximum share of AWS's quotas of calls per second that this program uses, above 0 and up to 1; the account may have other users. Null:
    /// unlimited, for a Secrets Manager without quotas.
    /// </summary>
    public double? QuotaShare
    {
        get;
        init
        {
            if (value is not (null or (> 0 and <= 1)))
                throw new ArgumentOutOfRangeException(nameof(value), value, "a share of the quotas is above 0 and at most 1");
            field = value;
        }
    } = 0.5;

    /// <summary>
    /// The right to write, which another process may take. No attempt of a write starts unless the lease lasts longer than <see cref="AttemptTimeout"/>.
    /// Null: no other process writes.
    /// </summary>
    public IWriteLease? WriteLease { get; init; }

    /// <summary>The clock of <see cref="AttemptTimeout"/>, of the waits for a <see cref="QuotaShare"/> and of a role's session. Signing and the SDK's
    /// waits use the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
