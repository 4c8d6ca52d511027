using System.Text;
using DeploymentOrchestrator.Messages;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace DeploymentOrchestrator.Tests.Messages;

/// <summary>Other programs' messages as a status shows them.</summary>
public sealed class ForeignTextTests
{
    // Parts of server messages, from which random texts are composed.
    private static readonly string[] Parts =
    [
        "core.PodSpec{A:\"}\", B:(*int64)(0xc0075), ", "}", "{", "[]string{\"a\"}", "map[string]string{\"app\":\"zz\"}", "&value.valueUnstructured{Value:5}",
        "Invalid value: ",
        "Unsupported value: ", "\"a long value that nobody needs to read to its very end, as it is written in the manifest\"",
        "https://user:pw@host.example:6443/a/b?x=1&y=2",
        "Post \"https://10.0.0.1:443/v?timeout=3s\": ", "dial tcp 10.0.0.1:443: connect: ", "GET /api/v1/pods?limit=5: ", "request id: 1b3c",
        "RequestId=\"a-b\"",
        "7d9f8c3e-0a1b-4c2d-8e3f-1234567890ab", "\n  \t", "\u0000\u001b[31m", "\u202e", "0xc007516a78", "(*core.X)(nil)", "errors: ",
        "Internal error occurred: ",
        "failed to create typed patch object (ns/x; v1, Kind=Y): ", " : ", "; ", ": field is immutable", "current time 2026-01-01T00:00:00Z is", "😀", "\ud83d",
        "é", "`{`", "\"", "\\",
        ", regex used for validation is '[a-z]+'", "lookup x.svc on 10.96.0.10:53: ", "Job.batch \"a\" is invalid: ", "a", "…",
    ];

    [Theory]
    [InlineData("failed calling webhook \"w\": Post \"https://w.ns.svc:443/validate?timeout=10s\": context deadline exceeded",
        "failed calling webhook \"w\": context deadline exceeded")]
    [InlineData("failed calling webhook \"w\": expected response.uid=\"7d9f8c3e-0a1b-4c2d-8e3f-1234567890ab\", got \"\"",
        "failed calling webhook \"w\": expected response.uid=\"…\", got \"\"")]
    [InlineData("read tcp 10.0.0.1:51234->10.0.0.2:443: read: connection reset by peer", "connection reset by peer")]
    [InlineData("Get \"https://w.svc\": dial tcp: lookup w.svc on 10.96.0.10:53: no such host", "lookup w.svc: no such host")]
    [InlineData("x509: certificate has expired or is not yet valid: current time 2026-11-26T06:48:51Z is after 2025-01-01T00:00:00Z",
        "x509: certificate has expired or is not yet valid: now is after 2025-01-01T00:00:00Z")]
    [InlineData(
        "admission webhook \"validate.kyverno.svc-fail\" denied the request: \n\nresource Deployment/a/b was blocked\n\nrequire-labels:\n  check: 'label "
        + "app is required'\n",
        "admission webhook \"validate.kyverno.svc-fail\" denied the request: resource Deployment/a/b was blocked require-labels: "
            + "check: 'label app is required'")]
    [InlineData("see https://docs.example.com/policies/7?ref=admission#images for help", "see docs.example.com for help")]
    [InlineData("GET /api/v1/namespaces/a/pods?limit=500: no answer within 30 s", "no answer within 30 s")]
    [InlineData(
        "failed to create typed patch object (default/d; apps/v1, Kind=Deployment): errors:\n  .spec.a: field not declared in schema\n  .spec.b: field "
        + "not declared in schema",
        ".spec.a: field not declared in schema .spec.b: field not declared in schema")]
    [InlineData(
        "spec.template: Invalid value: {\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"m\",\"image\":\"app:2\"}]}}: field "
        + "is immutable", "spec.template: field is immutable")]
    [InlineData("spec.x: Invalid value: \"0\": must be more than 0", "spec.x: Invalid value: \"0\": must be more than 0")]
    [InlineData("the template has {{ .name }} in it", "the template has {{ .name }} in it")]
    public void A_foreign_text_becomes_one_plain_sentence(string said, string shown) => Assert.Equal(shown, ForeignText.Clean(said));

    [Property(MaxTest = 3000)]
    public FsCheck.Property It_is_short_plain_and_the_same_when_cleaned_again() => Prop.ForAll(
        Gen.ListOf(Gen.Elements(Parts)).Select(parts => string.Concat(parts)).ToArbitrary(),
        said =>
        {
            var clean = ForeignText.Clean(said);
            Assert.InRange(Encoding.UTF8.GetByteCount(clean), 0, MessageText.MaxBytes);
            Assert.DoesNotContain(clean, c => char.IsControl(c));
            Assert.DoesNotContain("://", clean, StringComparison.Ordinal);
            Assert.DoesNotContain("0xc00", clean, StringComparison.Ordinal);
            Assert.Equal(clean, ForeignText.Clean(clean));
            Assert.Equal(clean, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(new UTF8Encoding(false, true).GetBytes(clean)));
        });
}
