using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers.Manifest;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

/// <summary>Wait rules in the syntax of kubectl wait.</summary>
public sealed class WaitRuleTests
{
    [Theory]
    [InlineData("condition=Ready", """{"conditions":[{"type":"Ready","status":"True"}]}""", "Current")]
    [InlineData("condition=Ready=true", """{"conditions":[{"type":"Ready","status":"True"}]}""", "Current")]
    [InlineData("condition=ready", """{"conditions":[{"type":"Ready","status":"True"}]}""", "Current")]
    [InlineData("condition=Ready=False", """{"conditions":[{"type":"Ready","status":"False"}]}""", "Current")]
    [InlineData("condition=Ready=unknown", """{"conditions":[{"type":"Ready","status":"Unknown"}]}""", "Current")]
    [InlineData("condition=networking.knative.dev/Ready", """{"conditions":[{"type":"networking.knative.dev/Ready","status":"True"}]}""", "Current")]
    [InlineData("condition=ACK.ResourceSynced", """{"conditions":[{"type":"ACK.ResourceSynced","status":"False","message":"is creating"}]}""",
        "InProgress: condition ACK.ResourceSynced is False, waiting for True: is creating")]
    [InlineData("condition=ACK.ResourceSynced", """{"conditions":[{"type":"ACK.ResourceSynced","status":"Unknown"}]}""",
        "InProgress: condition ACK.ResourceSynced is Unknown, waiting for True")]
    [InlineData("condition=Ready", "{}", "InProgress: has no condition Ready yet, waiting for True")]
    [InlineData("condition=Ready", """{"conditions":"none"}""", "InProgress: has no condition Ready yet, waiting for True")]
    [InlineData("condition=Redy", """{"conditions":[{"type":"Ready","status":"True"}]}""",
        "InProgress: has no condition Redy yet, waiting for True; did you mean \"Ready\"?")]
    [InlineData("condition=Ready=False", """{"conditions":[{"type":"Ready","status":"True"}]}""", "InProgress: condition Ready is True, waiting for False")]
    // A condition of an older generation does not count for this one, whatever its status.
    [InlineData("condition=Ready", """{"conditions":[{"type":"Ready","status":"True","observedGeneration":1}]}""",
        "InProgress: generation 2 is not observed yet, 1 is")]
    [InlineData("condition=Ready", """{"observedGeneration":1,"conditions":[{"type":"Ready","status":"True"}]}""",
        "InProgress: generation 2 is not observed yet, 1 is")]
    [InlineData("condition=Ready", """{"observedGeneration":1,"conditions":[{"type":"Ready","status":"True","observedGeneration":2}]}""", "Current")]
    [InlineData("condition=Ready", """{"observedGeneration":"1","conditions":[{"type":"Ready","status":"True"}]}""",
        "InProgress: generation 2 is not observed yet, 1 is")]
    // Stalled and Reconciling belong to the general rules, which a wait rule replaces.
    [InlineData("condition=Ready", """{"conditions":[{"type":"Stalled","status":"True"},{"type":"Ready","status":"True"}]}""", "Current")]
    [InlineData("jsonpath={.status.phase}=Cluster in healthy state", """{"phase":"Cluster in healthy state"}""", "Current")]
    [InlineData("jsonpath={.status.phase}=Cluster in healthy state", """{"phase":"Setting up primary"}""",
        "InProgress: status.phase is Setting up primary, waiting for Cluster in healthy state")]
    [InlineData("jsonpath='{.status.phase}'=Running", """{"phase":"Running"}""", "Current")]
    [InlineData("jsonpath={.status.phase}='Running'", """{"phase":" Running "}""", "Current")]
    [InlineData("jsonpath={.status.phase}=\"Running\"", """{"phase":"Running"}""", "Current")]
    [InlineData("jsonpath=.status.phase=Running", """{"phase":"Running"}""", "Current")]
    [InlineData("jsonpath=status.phase=Running", """{"phase":"Running"}""", "Current")]
    [InlineData("jsonpath={$.status.phase}=a=b", """{"phase":"a=b"}""", "Current")]
    [InlineData("jsonpath={.status.phase}=available", """{"phase":"Creating"}""", "InProgress: status.phase is Creating, waiting for available")]
    [InlineData("jsonpath={.status.phase}=available", "{}", "InProgress: status.phase is not there yet, waiting for available")]
    [InlineData("jsonpath={.status.phase}=available", """{"phase":null}""", "InProgress: status.phase is not there yet, waiting for available")]
    [InlineData("jsonpath={.status.phase}=available", """{"phase":""}""", "InProgress: status.phase is empty, waiting for available")]
    [InlineData("jsonpath={.status.phase}=Running", """{"phase":"running"}""", "InProgress: status.phase is running, waiting for Running")]
    [InlineData("jsonpath={.status.readyReplicas}=3", """{"readyReplicas":3}""", "Current")]
    [InlineData("jsonpath={.status.readyReplicas}=3", """{"readyReplicas":2}""", "InProgress: status.readyReplicas is 2, waiting for 3")]
    [InlineData("jsonpath={.status.applied}=True", """{"applied":true}""", "Current")]
    [InlineData("jsonpath={.status.applied}=true", """{"applied":false}""", "InProgress: status.applied is false, waiting for true")]
    [InlineData("""jsonpath={.status.conditions[?(@.type=="Ready")].status}=True""", """{"conditions":[{"type":"Ready","status":"True"}]}""", "Current")]
    [InlineData("""jsonpath=status.conditions[?(@.type=="Ready")].status=True""", """{"conditions":[{"type":"Ready","status":"True"}]}""", "Current")]
    [InlineData("""jsonpath={.status.conditions[?(@.type=="Ready")].status}=True""",
        """{"conditions":[{"type":"Ready","status":"True","observedGeneration":1}]}""",
        "InProgress: generation 2 is not observed yet, 1 is")]
    [InlineData("""jsonpath={.status.conditions[?(@.type=="Ready")].status}""", """{"conditions":[{"type":"Other","status":"True"}]}""",
        "InProgress: status.conditions[type=Ready].status is not there yet, waiting for a value")]
    [InlineData("jsonpath={.status.phase}=Ready", """{"phase":"Ready","observedGeneration":1}""", "InProgress: generation 2 is not observed yet, 1 is")]
    [InlineData("jsonpath={.status.phase}=Ready", """{"phase":"Ready","observedGeneration":2}""", "Current")]
    [InlineData("jsonpath={.metadata.name}=it", """{"observedGeneration":1}""", "Current")]
    [InlineData("jsonpath={.status.loadBalancer.ingress}", """{"loadBalancer":{"ingress":[{"ip":"10.0.0.1"}]}}""", "Current")]
    [InlineData("jsonpath={.status.loadBalancer.ingress}", """{"loadBalancer":{}}""",
        "InProgress: status.loadBalancer.ingress is not there yet, waiting for a value")]
    [InlineData("jsonpath={.status.loadBalancer.ingress}", """{"loadBalancer":{"ingress":[]}}""",
        "InProgress: status.loadBalancer.ingress is empty, waiting for a value")]
    [InlineData("jsonpath={.status.loadBalancer.ingress[0].hostname}", """{"loadBalancer":{"ingress":[{"hostname":""}]}}""",
        "InProgress: status.loadBalancer.ingress[0].hostname is empty, waiting for a value")]
    [InlineData("jsonpath={.status.ready}", """{"ready":false}""", "Current")]
    [InlineData("jsonpath={.status.loadBalancer}=x", """{"loadBalancer":{"ingress":[]}}""",
        "Failed: \"jsonpath={.status.loadBalancer}=x\" can never hold: status.loadBalancer is an object: write a key after it, or leave the value out")]
    [InlineData("jsonpath={.status.addresses}=x", """{"addresses":[]}""",
        "Failed: \"jsonpath={.status.addresses}=x\" can never hold: status.addresses is a list: write [0] or [?(@.type==\"Ready\")] after it, or leave the "
            + "value out")]
    [InlineData("jsonpath={.status.phase.now}=x", """{"phase":"Ready"}""",
        "Failed: \"jsonpath={.status.phase.now}=x\" can never hold: status.phase is the text \"Ready\", which has no now")]
    [InlineData("create", "{}", "Current")]
    [InlineData("Create", """{"conditions":[{"type":"Ready","status":"False"}]}""", "Current")]
    public void An_object_is_judged_as_kubectl_wait_judges_it(string text, string status, string expected)
    {
        var rule = WaitRuleParser.Parse(text, out var problem);
        Assert.True(rule is not null, problem);
        var readiness = rule.Of(Resource(status));
        Assert.Equal(expected, readiness.Message.Length == 0 ? $"{readiness.State}" : $"{readiness.State}: {readiness.Message}");
    }

    [Theory]
    [InlineData("", "\"\" is not something to wait for: write condition=Ready or jsonpath={.status.phase}=Running, as for kubectl wait")]
    [InlineData("delete", "delete cannot be waited for: the Component keeps every object of its list; to delete one, take it out of manifests")]
    [InlineData("DELETE", "delete cannot be waited for: the Component keeps every object of its list; to delete one, take it out of manifests")]
    [InlineData("Available", "\"Available\" is not something to wait for: did you mean condition=Available? Otherwise write condition=Ready or "
        + "jsonpath={.status.phase}=Running, as for kubectl wait")]
    [InlineData("conditions=Ready", "\"conditions=Ready\" is not something to wait for: did you mean condition=Ready?")]
    [InlineData("Condition=Ready", "\"Condition=Ready\" is not something to wait for: did you mean condition=Ready?")]
    [InlineData("jsonPath={.status.phase}=Running", "\"jsonPath={.status.phase}=Running\" is not something to wait for: did you mean "
        + "jsonpath={.status.phase}=Running?")]
    [InlineData("status.phase=Running", "\"status.phase=Running\" is not something to wait for: did you mean jsonpath={.status.phase}=Running?")]
    [InlineData("{.status.phase}=Running", "\"{.status.phase}=Running\" is not something to wait for: did you mean jsonpath={.status.phase}=Running?")]
    [InlineData("--for=condition=Ready", "\"--for=condition=Ready\" is not something to wait for: write condition=Ready")]
    [InlineData("'jsonpath={.status.phase}=Running'", "\"'jsonpath={.status.phase}=Running'\" is not something to wait for: write "
        + "jsonpath={.status.phase}=Running")]
    [InlineData("--for='jsonpath={.status.phase}=Running'", "\"--for='jsonpath={.status.phase}=Running'\" is not something to wait for: write "
        + "jsonpath={.status.phase}=Running")]
    [InlineData("condition=", "\"\" is not the type of a condition: write one such as condition=Ready, without spaces")]
    [InlineData("condition= Ready", "\" Ready\" is not the type of a condition: write one such as condition=Ready, without spaces")]
    [InlineData("condition=Ready=", "a condition is True, False or Unknown, never \"\"")]
    [InlineData("condition=Ready=Ture", "a condition is True, False or Unknown, never \"Ture\"; did you mean \"True\"?")]
    [InlineData("condition=Ready=yes", "a condition is True, False or Unknown, never \"yes\"")]
    [InlineData("jsonpath=", "\"\" is not one place of an object: is empty: write a path such as status.endpoint.address")]
    [InlineData("jsonpath={}", "\"{}\" is not one place of an object: is empty: write a path such as status.endpoint.address")]
    [InlineData("jsonpath={.status.phase}=", "has no value after the =: write one, as in jsonpath={.status.phase}=Running, or leave the = out to wait for any "
        + "value")]
    [InlineData("jsonpath={.status.phase}=''", "has no value after the =: write one, as in jsonpath={.status.phase}=Running, or leave the = out to wait for "
        + "any value")]
    [InlineData("jsonpath={.status.conditions[*].status}=True", "\"{.status.conditions[*].status}\" is not one place of an object: [*].status names more than "
        + "one place: write one, such as [0] or [?(@.type==\"Ready\")]")]
    [InlineData("jsonpath={..status}=True", "\"{..status}\" is not one place of an object: .. names more than one place: write each key on the way")]
    [InlineData("jsonpath={.status.ingress[-1]}", "\"{.status.ingress[-1]}\" is not one place of an object: [-1] is a negative index, and a list begins with "
        + "[0]")]
    public void An_invalid_wait_rule_is_refused_with_what_to_write(string text, string expected)
    {
        Assert.Null(WaitRuleParser.Parse(text, out var problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void A_long_invalid_wait_rule_is_shown_shortened()
    {
        Assert.Null(WaitRuleParser.Parse(new string('x', 100_000), out var problem));
        Assert.InRange(problem.Length, 80, 300);
        Assert.Null(WaitRuleParser.Parse($"jsonpath={{{new string('x', 100_000)}}}", out problem));
        Assert.InRange(problem.Length, 80, 300);
    }

    [Fact]
    public void A_controllers_text_is_shown_sanitized_and_shortened()
    {
        var rule = WaitRuleParser.Parse("jsonpath={.status.phase}=ok", out _)!;
        var message = rule.Of(Resource(new JsonObject { ["phase"] = "bad\u001b[31m\nvalue " + new string('x', 5000) }.ToJsonString())).Message;
        Assert.StartsWith("status.phase is bad [31m value xxx", message, StringComparison.Ordinal);
        Assert.EndsWith("…, waiting for ok", message, StringComparison.Ordinal);
        Assert.True(message.Length < 120, message);
    }

    internal static JsonObject Resource(string status) => new()
    {
        ["apiVersion"] = "example.org/v1",
        ["kind"] = "Thing",
        ["metadata"] = new JsonObject { ["name"] = "it", ["generation"] = 2 },
        ["status"] = JsonNode.Parse(status),
    };
}
