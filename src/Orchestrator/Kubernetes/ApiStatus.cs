using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>
/// Classifies a refusal of the API server by the reason and code of its Status. The text decides if neither does: for an object that violates its schema, and
/// for a denial by an admission webhook or policy, whose author chooses the code.
/// </summary>
/// <remarks>Source: metav1.StatusReason, https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/.</remarks>
internal static class ApiStatus
{
    // A schema violation in an apply is answered with code 500 and no reason, like a failure of the server.
    private static readonly string[] Unfitting =
        ["failed to create typed patch object", "failed to convert new object", "failed to create manager for existing fields: failed to convert new object"];

    /// <summary>The failure in an answer. NotServed if the server does not know the path: it then answers 404 without a Status.</summary>
    public static ResourceException Failure(string request, HttpStatusCode code, byte[] body) =>
        Parse(body) is { } status
            ? Failure(request, status, code)
            : new(OfCode(code, HttpStatusCode.NotFound, ResourceError.NotServed), $"{request}: the API server answers {(int)code} {code}");

    /// <summary>The failure that a Status describes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="status">The Status.</param>
    /// <param name="answered">The HTTP code, used if the Status has none.</param>
    public static ResourceException Failure(string request, JsonObject status, HttpStatusCode answered = HttpStatusCode.InternalServerError)
    {
        var code = status["code"] is JsonValue number && number.TryGetValue<int>(out var told) ? (HttpStatusCode)told : answered;
        var causes = Causes(status);
        var error = (JsonText.NotEmpty(status, "reason"), causes) switch
        {
            _ when IsDeniedAdmission(JsonText.NotEmpty(status, "message")) => ResourceError.Invalid,
            ("Conflict", _) when causes.Exists(c => c.Reason == "FieldManagerConflict") => ResourceError.FieldConflict,
            ("Conflict", _) => ResourceError.Conflict,
            ("AlreadyExists", _) => ResourceError.AlreadyExists,
            ("NotFound", _) => ResourceError.NotFound,
            ("Forbidden", _) => ResourceError.Forbidden,
            ("Expired" or "Gone", _) => ResourceError.Expired,
            ("Invalid" or "BadRequest" or "MethodNotAllowed" or "NotAcceptable" or "UnsupportedMediaType" or "RequestEntityTooLarge", _) =>
                ResourceError.Invalid,
            _ when code == HttpStatusCode.InternalServerError && JsonText.NotEmpty(status, "message") is { } said
                && Unfitting.Any(u => said.StartsWith(u, StringComparison.Ordinal)) =>
                ResourceError.Invalid,
            _ => OfCode(code, HttpStatusCode.NotFound, ResourceError.NotFound),
        };
        var message = code == HttpStatusCode.Unauthorized
            ? "the API server does not accept the credentials: they expired or belong to another cluster"
            : JsonText.NotEmpty(status, "message") ?? $"the API server answers {(int)code} {code}";
        // The message of a missing right names it, so leave the request out: a status has little room.
        var words = JsonText.NotEmpty(status, "reason") == "Forbidden" && JsonText.NotEmpty(status, "message") is not null ? message : $"{request}: {message}";
        return new(error, words, [.. causes.Select(c => c.Detail)]);
    }

    // admission webhook "policy.example.com" denied the request: …; ValidatingAdmissionPolicy 'policy' with binding 'all' denied request: …
    private static bool IsDeniedAdmission(string? message) => message is not null
        && ((message.StartsWith("admission webhook ", StringComparison.Ordinal) && message.Contains(" denied the request", StringComparison.Ordinal))
            || (message.Contains("ValidatingAdmissionPolicy ", StringComparison.Ordinal) && message.Contains(" denied request", StringComparison.Ordinal)));

    private static ResourceError OfCode(HttpStatusCode code, HttpStatusCode absent, ResourceError whereAbsent) => code switch
    {
        _ when code == absent => whereAbsent,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ResourceError.Forbidden,
        HttpStatusCode.Conflict => ResourceError.Conflict,
        HttpStatusCode.Gone => ResourceError.Expired,
        // Too many requests and a timeout are transient; any other client error would repeat.
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => ResourceError.Unavailable,
        >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => ResourceError.Invalid,
        _ => ResourceError.Unavailable,
    };

    private static List<Cause> Causes(JsonObject status) =>
    [
        .. from cause in (status["details"] as JsonObject)?["causes"] as JsonArray ?? []
           let fields = cause as JsonObject
           where fields is not null
           select new Cause(JsonText.NotEmpty(fields, "reason"), JsonText.NotEmpty(fields, "field"), JsonText.NotEmpty(fields, "message") ?? ""),
    ];

    private static JsonObject? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, WireJson.Object) is { } parsed && JsonText.NotEmpty(parsed, "kind") == "Status" ? parsed : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Cause(string? Reason, string? Field, string Message)
    {
        public string Detail => (Reason, Field) switch
        {
            (_, null) => Message,
            ("FieldManagerConflict", _) => $"{Message}: {Field}",
            _ => $"{Field}: {Message}",
        };
    }
}
