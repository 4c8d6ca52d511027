namespace DeploymentOrchestrator.SecretsManager;

/// <summary>How to reach Secrets Manager.</summary>
public sealed record SecretsManagerOptions
{
    /// <summary>The region where a caller names none. Null: AWS_REGION, then AWS_DEFAULT_REGION, then the profile's.</summary>
    public string? Region { get; init; }

    /// <summary>
    /// Where to call instead of AWS, for Secrets Manager and STS alike, in every region. Null: AWS_ENDPOINT_URL_SECRETS_MANAGER and
    /// AWS_ENDPOINT_URL_STS, then AWS_ENDPOINT_URL, then the profile's <c>endpoint_url</c>, unless AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
    /// is true; then the region's own endpoint.
    /// </summary>
    /// <exception cref="ArgumentException">It is no http or https address.</exception>
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

    /// <summary>Where credentials come from.</summary>
    public AwsCredentialsSource Credentials { get; init; } = AwsCredentialsSource.DefaultChain;

    /// <summary>
    /// How often a call is tried in all, 1 to 10. Between tries the SDK waits, jittered and doubling: from 50 ms, after a throttle from
    /// 1 s, up to 20 s.
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

    /// <summary>How long one try may take, to the last byte of the answer: above 0, up to 5 minutes.</summary>
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

    /// <summary>The clock of <see cref="AttemptTimeout"/> and of a role's session. Signing and the SDK's waits keep the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
