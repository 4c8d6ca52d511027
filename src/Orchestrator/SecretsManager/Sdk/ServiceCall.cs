using Amazon.Runtime;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>One call with its body and, after each attempt, the answer, both in pinned memory.</summary>
internal sealed class ServiceCall(string operation, byte[] body, bool holdsSecret, CallRate? rate, Action<bool>? check) : AmazonWebServiceRequest, IDisposable
{
    public string Operation { get; } = operation;

    /// <summary>JSON, of the array's whole length.</summary>
    public byte[] Body { get; } = body;

    /// <summary>Whether an echo of the body would reveal a secret.</summary>
    public bool HoldsSecret { get; } = holdsSecret;

    /// <summary>Whether it changes state in AWS.</summary>
    public bool IsWrite => Operation is not ("DescribeSecret" or "GetRandomPassword");

    /// <summary>The rate that delays its attempts; null for none.</summary>
    public CallRate? Rate { get; } = rate;

    /// <summary>Throws if an attempt must no longer be sent; null for no check.</summary>
    public Action<bool>? Check { get; } = check;

    public SecretBuffer Answer { get; } = new();

    /// <summary>How often it was throttled despite <see cref="Rate"/>.</summary>
    public int Throttles { get; set; }

    /// <summary>Whether its last attempt was throttled.</summary>
    public bool IsThrottled { get; set; }

    public void Dispose() => Answer.Dispose();
}

/// <summary>The SDK's response; the body stays in <see cref="ServiceCall.Answer"/>.</summary>
internal sealed class ServiceAnswer : AmazonWebServiceResponse
{
    /// <summary>The answer's Date header.</summary>
    public DateTimeOffset? Date { get; init; }
}
