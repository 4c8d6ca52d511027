using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>
/// Reads an answer's body into the call's pinned buffer and nowhere else. The SDK would keep a copy of error bodies, and build
/// strings of them for its own exceptions; both are switched off here.
/// </summary>
internal sealed class AnswerUnmarshaller(ServiceCall call) : JsonResponseUnmarshaller
{
    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input)
    {
        Read(input);
        return new ServiceAnswer { Date = AnswerDate.Of(input.ResponseData) };
    }

    public override AmazonServiceException UnmarshallException(
        JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
    {
        Read(input);
        var (code, message) = Error(call.Answer.Utf8());
        code ??= input.ResponseData.GetHeaderValue("x-amzn-ErrorType");
        // The inner exception carries the headers, in which the SDK's retry finds a Retry-After.
        return new AmazonServiceException(message ?? "", innerException, ErrorType.Unknown, Name(code), requestId: null, statusCode);
    }

    protected override UnmarshallerContext ConstructUnmarshallerContext(
        Stream responseStream, bool maintainResponseBody, IWebResponseData response, bool isException) =>
        new JsonUnmarshallerContext(responseStream, maintainResponseBody: false, response, isException: false);

    protected override UnmarshallerContext ConstructUnmarshallerContext(
        Stream responseStream, bool maintainResponseBody, IWebResponseData response, bool isException, IRequestContext requestContext) =>
        new JsonUnmarshallerContext(responseStream, maintainResponseBody: false, response, isException: false, requestContext);

    private void Read(JsonUnmarshallerContext input)
    {
        call.Answer.Clear();
        call.Answer.AppendAll(input.Stream);
    }

    /// <summary>
    /// Modelled errors have <c>Message</c>, others <c>message</c>. A proxy's page has neither; then only the status counts. A server that is not AWS may
    /// echo the value it was sent. A document of values begins with a brace and has quotes, which are escaped here: if one was sent, a message with either
    /// does not even become a string.
    /// </summary>
    private (string? Code, string? Message) Error(ReadOnlySpan<byte> body)
    {
        string? code = null, message = null;
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                    continue;
                var isCode = reader.ValueTextEquals("__type"u8);
                var isMessage = reader.ValueTextEquals("Message"u8) || reader.ValueTextEquals("message"u8);
                if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                    reader.Skip();
                else if (isCode)
                    code = reader.GetString();
                else if (isMessage && !(call.HoldsSecret && (reader.ValueIsEscaped || reader.ValueSpan.Contains((byte)'{'))))
                    message = reader.GetString();
            }
            return (code, message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Invalid JSON, or a string in it that is not valid text.
            return (null, null);
        }
    }

    /// <summary>The code in <c>com.amazonaws.secretsmanager#Code</c> and <c>Code:http://…</c>, both of which AWS protocols allow.</summary>
    private static string? Name(string? code)
    {
        if (string.IsNullOrEmpty(code))
            return null;
        var name = code[(code.IndexOf('#', StringComparison.Ordinal) + 1)..];
        var end = name.IndexOf(':', StringComparison.Ordinal);
        return end < 0 ? name : name[..end];
    }
}
