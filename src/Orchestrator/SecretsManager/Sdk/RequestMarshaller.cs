using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>Encodes a call in the AWS JSON 1.1 protocol.</summary>
internal sealed class RequestMarshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public static RequestMarshaller Instance { get; } = new();

    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var call = (ServiceCall)input;
        var request = new DefaultRequest(call, "SecretsManager") { HttpMethod = "POST", ResourcePath = "/", Content = call.Body };
        request.Headers["X-Amz-Target"] = $"secretsmanager.{call.Operation}";
        request.Headers["X-Amz-Api-Version"] = "2017-10-17";
        request.Headers["Content-Type"] = "application/x-amz-json-1.1";
        return request;
    }
}
