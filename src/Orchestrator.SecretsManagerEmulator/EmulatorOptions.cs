using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.SecretsManagerEmulator.Quotas;

namespace DeploymentOrchestrator.SecretsManagerEmulator;

/// <summary>The options of an embedded Secrets Manager. The server listens on 127.0.0.1 only.</summary>
/// <remarks>A value outside its limits is refused with an <see cref="ArgumentException"/> as it is set.</remarks>
internal sealed record EmulatorOptions
{
    /// <summary>TCP port, 0–65535; 0 (the default) selects a free one.</summary>
    public int Port
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, ushort.MaxValue);
            field = value;
        }
    }

    /// <summary>The 12-digit account of every caller that has not assumed a role of another one.</summary>
    public string AccountId
    {
        get;
        init
        {
            if (value is not { Length: 12 } || !value.All(char.IsAsciiDigit))
                throw new ArgumentException($"An AWS account id has 12 digits; '{value}' does not.", nameof(value));
            field = value;
        }
    } = "000000000000";

    /// <summary>The clock of every date, deadline and delay, and of the responses' <c>Date</c> header.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// How long after a forced deletion DescribeSecret still finds the secret, and CreateSecret finds its name taken. Zero (the default) or more. AWS
    /// deletes asynchronously, within seconds, and documents no limit.
    /// </summary>
    public TimeSpan ForceDeleteDelay
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    }

    /// <summary>
    /// How long after CreateSecret every reading operation still answers ResourceNotFoundException.
    /// Zero (the default) or more. AWS: "All Secrets Manager operations are eventually consistent."
    /// </summary>
    public TimeSpan ReadAfterCreateLag
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    }

    /// <summary>
    /// Whether calls are throttled, on <see cref="TimeProvider"/>'s timestamps. A throttled call is in <see cref="SecretsManagerServer.Calls"/>
    /// as ThrottlingException.
    /// </summary>
    public RequestQuotas Quotas { get; init; }

    /// <summary>The policy for every caller; null, the default, allows everything.</summary>
    public IamPolicy? IamPolicy { get; init; }

    /// <summary>
    /// Keeps every value that GetRandomPassword hands out in <see cref="SecretsManagerServer.Generated"/>.
    /// For leak scans in tests; off by default.
    /// </summary>
    public bool RememberGenerated { get; init; }
}
