using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Kubernetes;

/// <summary>How refusals of the API server are classified, by reason and code.</summary>
public sealed class ApiStatusTests
{
    [Theory]
    [InlineData(404, "NotFound", ResourceError.NotFound)]
    [InlineData(409, "AlreadyExists", ResourceError.AlreadyExists)]
    [InlineData(409, "Conflict", ResourceError.Conflict)]
    [InlineData(422, "Invalid", ResourceError.Invalid)]
    [InlineData(400, "BadRequest", ResourceError.Invalid)]
    [InlineData(405, "MethodNotAllowed", ResourceError.Invalid)]
    [InlineData(413, "RequestEntityTooLarge", ResourceError.Invalid)]
    [InlineData(403, "Forbidden", ResourceError.Forbidden)]
    [InlineData(401, "Unauthorized", ResourceError.Forbidden)]
    [InlineData(410, "Expired", ResourceError.Expired)]
    [InlineData(410, "Gone", ResourceError.Expired)]
    [InlineData(429, "TooManyRequests", ResourceError.Unavailable)]
    [InlineData(500, "InternalError", ResourceError.Unavailable)]
    [InlineData(500, "ServerTimeout", ResourceError.Unavailable)]
    [InlineData(503, "ServiceUnavailable", ResourceError.Unavailable)]
    [InlineData(504, "Timeout", ResourceError.Unavailable)]
    [InlineData(409, "SomethingNew", ResourceError.Conflict)]
    [InlineData(418, "SomethingNew", ResourceError.Invalid)]
    [InlineData(599, "SomethingNew", ResourceError.Unavailable)]
    [InlineData(404, "", ResourceError.NotFound)]
    [InlineData(410, "", ResourceError.Expired)]
    public void Each_reason_and_code_of_a_Status_has_its_kind(int code, string reason, object expected) =>
        Assert.Equal(expected, Failure(code, Status(code, reason)).Error);

    [Theory]
    [InlineData(404, "404 page not found\n", ResourceError.NotServed)]
    [InlineData(401, "", ResourceError.Forbidden)]
    [InlineData(403, "<html>no</html>", ResourceError.Forbidden)]
    [InlineData(429, "Too many requests, please try again later.\n", ResourceError.Unavailable)]
    [InlineData(502, "<html>bad gateway</html>", ResourceError.Unavailable)]
    [InlineData(503, "[1]", ResourceError.Unavailable)]
    [InlineData(302, "", ResourceError.Unavailable)]
    public void An_answer_without_a_Status_has_the_kind_of_its_code(int code, string body, object expected)
    {
        var failure = ApiStatus.Failure("GET /x", (HttpStatusCode)code, Encoding.UTF8.GetBytes(body));

        Assert.Equal(expected, failure.Error);
        Assert.StartsWith("GET /x: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_Status_of_a_watch_event_has_its_own_code() =>
        Assert.Equal(ResourceError.Expired, ApiStatus.Failure("GET /x", Status(410, "")).Error);

    [Fact]
    public void Field_conflicts_name_manager_and_field()
    {
        var failure = Failure(409, Status(409, "Conflict",
            ("FieldManagerConflict", ".data.k", "conflict with \"red\" using v1"), ("FieldManagerConflict", ".data.l", "conflict with \"blue\"")));

        Assert.Equal(ResourceError.FieldConflict, failure.Error);
        Assert.Equal(["conflict with \"red\" using v1: .data.k", "conflict with \"blue\": .data.l"], failure.Details);
    }

    [Fact]
    public void Schema_violations_name_their_fields()
    {
        var failure =
            Failure(422, Status(422, "Invalid", ("FieldValueInvalid", "spec.a", "Invalid value: 1"), ("FieldValueRequired", "spec.b", "Required value")));

        Assert.Equal(["spec.a: Invalid value: 1", "spec.b: Required value"], failure.Details);
    }

    [Fact]
    public void A_refused_right_is_reported_in_the_servers_words_alone()
    {
        Assert.Equal("as it is", Failure(403, Status(403, "Forbidden")).Message);
        Assert.Equal("GET /x: as it is", Failure(409, Status(409, "Conflict")).Message);
    }

    private static ResourceException Failure(int code, JsonObject status) =>
        ApiStatus.Failure("GET /x", (HttpStatusCode)code, Encoding.UTF8.GetBytes(status.ToJsonString()));

    private static JsonObject Status(int code, string reason, params (string Reason, string Field, string Message)[] causes) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["status"] = "Failure",
        ["message"] = "as it is",
        ["reason"] = reason,
        ["code"] = code,
        ["details"] = new JsonObject
        {
            ["causes"] = new JsonArray([.. causes.Select(c => new JsonObject { ["reason"] = c.Reason, ["field"] = c.Field, ["message"] = c.Message })]),
        },
    };
}
