using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Sts;

/// <summary>The answers of AWS's query protocol.</summary>
internal static class StsXml
{
    private const string ContentType = "text/xml";
    private static readonly XNamespace Namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    public static XElement Element(string name, params ReadOnlySpan<object> content) => new(Namespace + name, content.ToArray());

    public static Reply Success(string operation, IEnumerable<XElement> result) => Reply(
        Element($"{operation}Response", Element($"{operation}Result", [.. result]), Element("ResponseMetadata", RequestId())),
        status: 200,
        errorCode: null);

    /// <summary>STS has other names for the common errors, and answers a denial with 403.</summary>
    public static Reply Error(ApiException refusal)
    {
        var (code, status) = refusal.Code switch
        {
            "AccessDeniedException" => ("AccessDenied", 403),
            "ValidationException" => ("ValidationError", 400),
            "ThrottlingException" => ("Throttling", 400),
            "InternalServiceError" => ("InternalFailure", 500),
            _ => (refusal.Code, refusal.Status),
        };
        var error = Element(
            "Error",
            Element("Type", status >= 500 ? "Receiver" : "Sender"),
            Element("Code", code),
            Element("Message", refusal.Message));
        return Reply(Element("ErrorResponse", error, RequestId()), status, code);
    }

    private static Reply Reply(XElement root, int status, string? errorCode) =>
        new(status, ContentType, Encoding.UTF8.GetBytes(root.ToString()), errorCode);

    private static XElement RequestId() => Element("RequestId", new Guid(RandomNumberGenerator.GetBytes(16)).ToString());
}
