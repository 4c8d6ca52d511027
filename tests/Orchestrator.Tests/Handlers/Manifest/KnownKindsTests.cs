using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Deploy;
using DeploymentOrchestrator.Tests.Docs;
using DeploymentOrchestrator.Tests.Repository;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

/// <summary>Every row of the table of known kinds, on objects built from the row itself.</summary>
public sealed class KnownKindsTests
{
    public static TheoryData<int> Rows => [.. Enumerable.Range(0, KnownKinds.Rows.Count)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_judges_its_own_kinds_and_no_row_before_it_does(int index)
    {
        var row = KnownKinds.Rows[index];
        foreach (var resource in Objects(row))
            Assert.Same(row, KnownKinds.Of(ResourceType.Of(resource), resource));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_object_is_ready_when_all_of_its_row_holds_and_not_before(int index)
    {
        var row = KnownKinds.Rows[index];
        foreach (var resource in Objects(row))
        {
            if (row.Ready.Length == 0)
            {
                Assert.Equal(Readiness.Current, Readiness.Of(resource));
                continue;
            }

            if (row.Has.All(h => !h.StartsWith("status", StringComparison.Ordinal)))
                Assert.Equal(Readiness.InProgress($"{row.By} has not reported a status yet"), Readiness.Of(resource));
            if (row.IsSyncedByGeneration)
                resource["status"] = new JsonObject { ["syncedResourceVersion"] = "2-played" };
            if (row.IsOfEachParent)
            {
                resource["spec"] = new JsonObject { ["parentRefs"] = new JsonArray(new JsonObject { ["name"] = "web" }) };
                resource["status"] = new JsonObject { ["parents"] = new JsonArray(new JsonObject()) };
            }

            foreach (var rule in row.Ready)
            {
                if (row.Has.All(h => !h.StartsWith("status", StringComparison.Ordinal)))
                    Assert.Equal(ReadinessState.InProgress, Readiness.Of(resource).State);
                SetStatus(resource, rule);
            }

            Assert.Equal(Readiness.Current, Readiness.Of(resource));

            // Each part of it counts.
            foreach (var rule in row.Ready)
            {
                var without = resource.DeepClone().AsObject();
                SetStatus(without, rule, wrong: true);
                Assert.NotEqual(ReadinessState.Current, Readiness.Of(without).State);
            }

            resource["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
            Assert.Equal(Readiness.InProgress("is being deleted"), Readiness.Of(resource));
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_object_whose_controller_gave_up_is_Failed_with_the_controllers_message(int index)
    {
        var row = KnownKinds.Rows[index];
        foreach (var rule in row.Failed)
        {
            var resource = Objects(row).First();
            SetStatus(resource, rule, message: "the name is taken");
            if (row.Message is not null)
                resource["status"]!["message"] = "the name is taken";
            Assert.Equal(Readiness.Failed("the name is taken"), Readiness.Of(resource));
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_waiting_object_shows_its_controllers_message(int index)
    {
        var row = KnownKinds.Rows[index];
        foreach (var type in row.MessageConditions)
        {
            var resource = Objects(row).First();
            SetStatus(resource, $"condition={type}", message: "no rights yet");
            Assert.Equal(Readiness.InProgress("no rights yet"), Readiness.Of(resource));
        }
    }

    [Fact]
    public void Every_row_cites_a_web_page()
    {
        Assert.All(KnownKinds.Rows, row => Assert.True(Uri.TryCreate(row.Source, UriKind.Absolute, out var uri) && uri.Scheme == "https", row.Source));
        Assert.All(KnownKinds.Rows, row => Assert.DoesNotContain("|", string.Concat(row.Ready), StringComparison.Ordinal));
    }

    [Fact]
    public void The_reference_shows_the_table() => Assert.Equal(
        KnownKinds.Rows.Where(row => row.Ready.Length > 0).Select(Documented),
        DocsFolder.Rows(DocsFolder.Section("docs/reference/manifest-readiness.md", "## Kinds that are known")).Select(cells => string.Join(" | ", cells)));

    [Theory]
    // ACK's newer runtime has only Ready.
    [InlineData("rds.services.k8s.aws/v1alpha1 DBInstance", """{"conditions":[{"type":"Ready","status":"True"}]}""", "Current")]
    [InlineData("rds.services.k8s.aws/v1alpha1 DBInstance", """{"conditions":[{"type":"Ready","status":"False","message":"creating"}]}""",
        "InProgress: creating")]
    [InlineData("rds.services.k8s.aws/v1alpha1 DBInstance",
        """{"conditions":[{"type":"ACK.ResourceSynced","status":"False"},{"type":"Ready","status":"True"}]}""",
        "InProgress: ACK.ResourceSynced is False")]
    [InlineData("rds.services.k8s.aws/v1alpha1 DBInstance",
        """{"conditions":[{"type":"ACK.Terminal","status":"False"},{"type":"ACK.ResourceSynced","status":"True"}]}""",
        "Current")]
    [InlineData("rds.services.k8s.aws/v1alpha1 DBInstance", """{"dbInstanceStatus":"creating"}""",
        "InProgress: has no condition Ready yet, waiting for True")]
    [InlineData("services.k8s.aws/v1alpha1 FieldExport", "{}", "Current")]
    [InlineData("notservices.k8s.aws/v1 Thing", "{}", "Current")]
    // Crossplane is recognized by its conditions, in any group.
    [InlineData("example.org/v1 Database", """{"conditions":[{"type":"Ready","status":"True"},{"type":"Synced","status":"False","message":"no provider"}]}""",
        "InProgress: no provider")]
    [InlineData("rds.aws.m.upbound.io/v1beta1 Instance", """{"conditions":[{"type":"Synced","status":"True"}]}""",
        "InProgress: has no condition Ready yet, waiting for True")]
    [InlineData("cert-manager.io/v1 Certificate", """{"conditions":[{"type":"Issuing","status":"True","message":"Issuing"}]}""",
        "InProgress: has no condition Ready yet, waiting for True")]
    [InlineData("cert-manager.io/v1 Certificate", """{"conditions":[{"type":"Ready","status":"True","observedGeneration":1}]}""",
        "InProgress: generation 2 is not observed yet, 1 is")]
    [InlineData("argoproj.io/v1alpha1 Rollout", """{"phase":"Healthy","observedGeneration":"1"}""", "InProgress: generation 2 is not observed yet, 1 is")]
    [InlineData("argoproj.io/v1alpha1 AppProject", "{}", "Current")]
    [InlineData("gateway.networking.k8s.io/v1 Gateway",
        """{"conditions":[{"type":"Accepted","status":"True"},{"type":"Programmed","status":"Unknown","message":"Waiting for controller"}]}""",
        "InProgress: Waiting for controller")]
    public void Known_kinds_are_judged_as_their_controllers_mean_it(string type, string status, string expected) =>
        Assert.Equal(expected, ReadinessText(Made(type, status)));

    // Cases of tests/field.
    [Theory]
    [InlineData("ack-gave-up", "Failed: InvalidParameterValue: Invalid DB Instance class: db.t3.nano")]
    [InlineData("ready-of-the-spec-before", "InProgress: generation 3 is not synced yet, 2 is")]
    [InlineData("ready-and-not-synced", "InProgress: update failed: cannot downgrade postgres from 16 to 15")]
    [InlineData("ready-before-anybody-looked", "InProgress: CloudNativePG has not reported a status yet")]
    public void An_object_from_the_field_is_judged_as_its_controller_means_it(string slug, string expected)
    {
        var yaml = File.ReadAllText(Path.Combine(SourceTree.Field, slug, "object.yaml"));
        Assert.Equal(expected, ReadinessText(Assert.Single(DeployFolder.Parse(yaml)).AsObject()));
    }

    [Theory]
    [InlineData("""[{"name":"a"}]""", "[]", "InProgress: 0 of 1 parents have reported")]
    [InlineData("""[{"name":"a"},{"name":"b"}]""", """[{"conditions":[{"type":"Accepted","status":"True"},{"type":"ResolvedRefs","status":"True"}]}]""",
        "InProgress: 1 of 2 parents have reported")]
    [InlineData("""[{"name":"a"},{"name":"b"}]""",
        """[{"conditions":[{"type":"Accepted","status":"True"},{"type":"ResolvedRefs","status":"True"}]},"""
        + """{"conditions":[{"type":"Accepted","status":"False","message":"no listener"},{"type":"ResolvedRefs","status":"True"}]}]""",
        "InProgress: no listener")]
    [InlineData("""[{"name":"a"}]""", """[{"conditions":[{"type":"Accepted","status":"True","observedGeneration":1}]}]""",
        "InProgress: generation 2 is not observed yet, 1 is")]
    public void A_route_is_ready_when_each_parent_accepts_it(string parentRefs, string parents, string expected)
    {
        var route = Made("gateway.networking.k8s.io/v1 HTTPRoute", $$"""{"parents":{{parents}}}""");
        route["spec"] = new JsonObject { ["parentRefs"] = JsonNode.Parse(parentRefs) };
        Assert.Equal(expected, ReadinessText(route));
    }

    [Theory]
    [InlineData("ExternalSecret", "{}", "2-9f0c", "Current")]
    [InlineData("ExternalSecret", "{}", "1-9f0c", "InProgress: generation 2 is not synced yet, 1 is")]
    [InlineData("ExternalSecret", "{}", "21-9f0c", "InProgress: generation 2 is not synced yet, 21 is")]
    [InlineData("ExternalSecret", "{}", "", "InProgress: is not synced yet")]
    [InlineData("ExternalSecret", """{"refreshPolicy":"OnChange","refreshInterval":"0"}""", "1-9f0c", "InProgress: generation 2 is not synced yet, 1 is")]
    [InlineData("ExternalSecret", """{"refreshInterval":"10m"}""", "1-9f0c", "InProgress: generation 2 is not synced yet, 1 is")]
    // These are never synced again.
    [InlineData("ExternalSecret", """{"refreshPolicy":"CreatedOnce","refreshInterval":"1h"}""", "1-9f0c", "Current")]
    [InlineData("ExternalSecret", """{"refreshInterval":"0"}""", "1-9f0c", "Current")]
    [InlineData("ExternalSecret", """{"refreshPolicy":"Periodic","refreshInterval":"0s"}""", "1-9f0c", "Current")]
    [InlineData("ExternalSecret", """{"refreshPolicy":"CreatedOnce"}""", "", "InProgress: is not synced yet")]
    [InlineData("PushSecret", """{"refreshInterval":"0"}""", "1-9f0c", "InProgress: generation 2 is not synced yet, 1 is")]
    [InlineData("PushSecret", "{}", "2-9f0c", "Current")]
    public void An_ExternalSecret_is_ready_when_its_generation_is_synced(string kind, string spec, string synced, string expected)
    {
        var resource = Made($"external-secrets.io/v1 {kind}", """{"conditions":[{"type":"Ready","status":"True"}]}""");
        resource["spec"] = JsonNode.Parse(spec);
        resource["status"]!["syncedResourceVersion"] = synced;
        Assert.Equal(expected, ReadinessText(resource));
    }

    // An object of each kind of a row, with just enough status to match the row.
    private static IEnumerable<JsonObject> Objects(KnownKind row)
    {
        var group = row.Group switch { "*" => "example.org", ['*', ..] => $"sample{row.Group[1..]}", _ => row.Group };
        foreach (var kind in row.Kinds.DefaultIfEmpty("Sample"))
        {
            var resource = Made($"{group}/v1 {kind}", null);
            foreach (var path in row.Has)
            {
                if (path.StartsWith("status.conditions[type=", StringComparison.Ordinal))
                    SetStatus(resource, $"condition={path["status.conditions[type=".Length..^1]}");
                else
                    Set(resource, path.Split('.'), new JsonObject());
            }

            yield return resource;
        }
    }

    private static JsonObject Made(string type, string? status)
    {
        var names = type.Split(' ');
        var resource = new JsonObject
        {
            ["apiVersion"] = names[0],
            ["kind"] = names[1],
            ["metadata"] = new JsonObject { ["name"] = "it", ["generation"] = 2 },
        };
        if (status is not null)
            resource["status"] = JsonNode.Parse(status);
        return resource;
    }

    // Sets the status as the controller would so that a rule holds, or to another value.
    private static void SetStatus(JsonObject resource, string text, bool wrong = false, string? message = null)
    {
        var rule = WaitRuleParser.Parse(text, out var problem);
        Assert.True(rule is not null, problem);
        if (rule is ConditionRule condition)
        {
            SetCondition(resource, condition.Type, "status", wrong ? "False" : condition.Status, message);
            return;
        }

        var field = Assert.IsType<FieldRule>(rule);
        var value = wrong ? "other" : field.Value!;
        if (field.Path.Steps is [{ Key: "status" }, { Key: "conditions" }, { Field: "type", Value: { } type }, { Key: { } key }])
            SetCondition(resource, type, key, value, message);
        else
            Set(resource, [.. field.Path.Steps.Select(s => s.Key!)], value == "true" ? JsonValue.Create(true) : JsonValue.Create(value));
    }

    private static void SetCondition(JsonObject resource, string type, string key, string value, string? message)
    {
        if ((resource["status"]?["parents"]?[0] ?? resource["status"]) is not JsonObject status)
            resource["status"] = status = [];
        if (status["conditions"] is not JsonArray conditions)
            status["conditions"] = conditions = [];
        var condition = conditions.OfType<JsonObject>().FirstOrDefault(c => (string?)c["type"] == type);
        if (condition is null)
            conditions.Add(condition = new JsonObject { ["type"] = type, ["status"] = "False" });
        condition[key] = value;
        if (message is not null)
            condition["message"] = message;
    }

    private static void Set(JsonObject resource, string[] path, JsonNode? value)
    {
        var here = resource;
        foreach (var key in path[..^1])
        {
            if (here[key] is not JsonObject next)
                here[key] = next = [];
            here = next;
        }

        here[path[^1]] = value;
    }

    private static string ReadinessText(JsonObject resource)
    {
        var readiness = Readiness.Of(resource);
        return readiness.Message.Length == 0 ? $"{readiness.State}" : $"{readiness.State}: {readiness.Message}";
    }

    private static string Documented(KnownKind row)
    {
        var group = row.Has.Length > 0 ? $"`{row.Group}` with {string.Join(" and ", row.Has.Select(h => $"`{h}`"))}" : $"`{row.Group}`";
        var kinds = row.Kinds.Length > 0 ? $": {string.Join(", ", row.Kinds)}" : "";
        var ready = string.Join(" and ", row.Ready.Select(r => $"`{r}`"))
            + (row.Newer is null ? "" : $", or where there is none `{row.Newer}`")
            + (row.IsOfEachParent ? " of each of `status.parents`, one for each of `spec.parentRefs`" : "")
            + (row.IsSyncedByGeneration ? ", and `status.syncedResourceVersion` begins with the generation" : "");
        return $"[{row.By}]({row.Source}) | {group}{kinds} | {ready} | {string.Join(" or ", row.Failed.Select(f => $"`{f}`"))}";
    }
}
