using Amazon.Runtime;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>One call with its body and, after each try, that try's answer, both in pinned memory.</summary>
internal sealed class ServiceCall(string operation, byte[] body, bool holdsSecret) : AmazonWebServiceRequest, IDisposable
{
    public string Operation { get; } = operation;

    /// <summary>JSON, of the array's whole length.</summary>
    public byte[] Body { get; } = body;

    /// <summary>Whether an echo of the body would reveal a secret.</summary>
    public bool HoldsSecret { get; } = holdsSecret;

    public SecretBuffer Answer { get; } = new();

    public void Dispose() => Answer.Dispose();
}

/// <summary>What the SDK hands back; the body stays in <see cref="ServiceCall.Answer"/>.</summary>
internal sealed class ServiceAnswer : AmazonWebServiceResponse
{
    /// <summary>The answer's Date header.</summary>
    public DateTimeOffset? Date { get; init; }
}
