using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

/// <summary>A Component's messages for recorded refusals of a real API server.</summary>
public sealed class RefusalTextTests
{
    private const string Corrected = "it is tried again every 5 minutes";

    private static readonly JsonObject Recorded = JsonNode.Parse(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "Handlers", "Manifest", "Refusals", "kubernetes-1.20.2.json")))!.AsObject();

    public static TheoryData<string> Names => [.. Recorded.Select(r => r.Key)];

    [Theory]
    [InlineData("ssa-noproto", false,
        ".spec.ports: element 0: associative list with keys has an element that omits key field \"protocol\" (and doesn't have default value); write "
        + "protocol: TCP")]
    [InlineData("ssa-dupenv", false, ".spec.template.spec.containers[name=\"web\"].env: duplicate entries for key [name=\"A\"]; write it once")]
    [InlineData("ssa-unknownfield", false, ".spec.replica: field not declared in schema; take it out, or correct its name")]
    [InlineData("dup-port", false, ".spec.ports: duplicate entries for key [port=80,protocol=\"TCP\"]; write it once")]
    [InlineData("job-immutable", true, "spec.template: field is immutable; delete the Job, and it is applied again, or give it a new name")]
    [InlineData("dep-selector-immutable", true, "spec.selector: field is immutable; delete the Deployment, and it is applied again, or give it a new name")]
    [InlineData("pvc-immutable", true,
        "spec.resources.requests.storage: Forbidden: field can not be less than previous value; set it back, or give the new one another name")]
    [InlineData("cm-immutable", true,
        "data: Forbidden: field is immutable when `immutable` is set; delete the ConfigMap, and it is applied again, or give it a new name")]
    [InlineData("clusterip-immutable", true,
        "spec.clusterIPs[0]: Invalid value: \"10.0.0.78\": may not change once set; delete the Service, and it is applied again, or give it a new name")]
    [InlineData("port-taken", false,
        "spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated; choose another, or free it: it is tried again every 5 minutes")]
    [InlineData("dep-selector-mismatch", false, "spec.template.metadata.labels: Invalid value: {\"app\":\"zz\"}: `selector` does not match template `labels`; "
        + Corrected)]
    [InlineData("dep-type", false, ".spec.replicas: expected numeric (int or float), got another type; " + Corrected)]
    [InlineData("cm-number", false, ".data.a: expected string, got 5; " + Corrected)]
    [InlineData("crd-type", false, ".spec.size: expected string, got 5; " + Corrected)]
    [InlineData("crd-enum", false, "spec.size: Unsupported value: \"large\": supported values: \"small\"; " + Corrected)]
    [InlineData("secret-b64", false, "error decoding from json: illegal base64 data at input byte 3; " + Corrected)]
    [InlineData("webhook-403", false,
        "admission webhook \"policy.example.com\" denied the request: image must come from registry.example.com, and not from docker.io; " + Corrected)]
    public void A_refusal_has_the_cause_first_and_the_whole_remedy(string name, bool isThere, string says)
    {
        var failure = Failure(name);
        Assert.Equal(ResourceError.Invalid, failure.Error);

        var text = Problem(failure, isThere);
        Assert.Equal($"manifests[0]: {Entry(name)} is refused: {says}", text);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, MessageText.MaxBytes - 46);
    }

    [Theory]
    [InlineData("webhook-400")]
    [InlineData("webhook-409")]
    [InlineData("webhook-422")]
    [InlineData("webhook-500")]
    public void Whatever_code_a_webhook_denies_with_it_is_not_a_failure_of_the_server(string name) => Assert.Equal(ResourceError.Invalid, Failure(name).Error);

    [Theory]
    [InlineData(".spec.b: field not declared in schema\n  .spec.a: field not declared in schema")]
    [InlineData(".spec.a: field not declared in schema\n  .spec.b: field not declared in schema")]
    public void Several_errors_in_one_refusal_are_reported_one_by_one_in_a_fixed_order(string listed)
    {
        var failure = new ResourceException(ResourceError.Invalid,
            $"PATCH /apis/x?force=true: failed to create typed patch object (a/b; apps/v1, Kind=Deployment): errors:\n  {listed}");
        Assert.Equal(
            ["m: Thing a/b is refused: .spec.a: field not declared in schema; take it out, or correct its name",
             "m: Thing a/b is refused: .spec.b: field not declared in schema; take it out, or correct its name"],
            RefusalText.Rejected(failure, "m", new(ResourceType.Of("v1", "Thing"), new("a", "b")), isThere: false).Select(p => p.ToString()));
    }

    [Fact]
    public void A_webhook_that_cannot_be_reached_is_Unavailable_and_its_address_is_left_out()
    {
        var failure = Failure("webhook-down");
        Assert.Equal(ResourceError.Unavailable, failure.Error);
        Assert.Equal("cannot apply it: failed calling webhook \"policy.example.com\": connection refused",
            StoreFailure.Answer(failure, "apply it").Problems[0].ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_refusal_shows_no_internals_of_the_server(string name)
    {
        var failure = Failure(name);
        foreach (var said in failure.Details.Append(failure.Message))
        {
            var clean = ForeignText.Clean(said);
            Assert.NotEqual("", clean);
            Assert.All(["0xc0", "core.", "(nil)", "v1.", "://", "valueUnstructured", "\n", "Internal error"], noise =>
                Assert.DoesNotContain(noise, clean, StringComparison.Ordinal));
        }
    }

    private static string Problem(ResourceException failure, bool isThere) =>
        RefusalText.Rejected(failure, "manifests[0]", new(ResourceType.Of("v1", Kind(failure)), new("default", "it")), isThere)[0].ToString();

    private static string Kind(ResourceException failure) => Kinds.GetValueOrDefault(failure.Message, "Thing");

    private static readonly Dictionary<string, string> Kinds = Recorded
        .Where(r => r.Value!["details"]?["kind"] is not null)
        .ToDictionary(r => Failure(r.Key).Message, r => (string)r.Value!["details"]!["kind"]!);

    private static string Entry(string name) => $"{(string?)Recorded[name]!["details"]?["kind"] ?? "Thing"} default/it";

    private static ResourceException Failure(string name)
    {
        var status = Recorded[name]!;
        return ApiStatus.Failure("PATCH /apis/x?fieldManager=dorch&force=true", (HttpStatusCode)(int)status["code"]!,
            Encoding.UTF8.GetBytes(status.ToJsonString()));
    }
}
