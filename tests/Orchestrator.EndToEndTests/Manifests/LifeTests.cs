using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Manifests;

/// <summary>Refusals by a real API server, and how they heal.</summary>
public sealed class LifeTests(KubernetesCluster cluster, Installation installation) : ManifestTest(cluster, installation)
{
    [Fact]
    public async Task A_field_that_another_client_manages_is_a_conflict_that_names_both_and_changes_nothing()
    {
        var theirs = ConfigMap("a", "theirs");
        theirs["metadata"]!["namespace"] = Namespace;
        await Store.Apply(theirs, new("gitops"), Cancellation);
        var before = (await Live(ResourceType.ConfigMap, "a"))!.ToJsonString();
        await StartOperator();
        await Manifests("app", ConfigMap("a", "ours"));

        await WaitFor("app", "Failed", $"ConfigMap {Namespace}/a has a field that another manager owns", "gitops", ".data.k");
        Assert.Equal(before, (await Live(ResourceType.ConfigMap, "a"))!.ToJsonString());
    }

    [Fact]
    public async Task A_second_Component_that_applies_the_same_object_is_in_conflict_in_any_Composition()
    {
        await StartOperator();
        await Manifests("first", ConfigMap("a", "1"));
        await Ready("first");
        var before = (await Live(ResourceType.ConfigMap, "a"))!.ToJsonString();

        await Manifests("second", ConfigMap("a", "2"));
        var composition = NewResource.Composition(Namespace, "other", new JsonObject
        {
            ["name"] = "third",
            ["type"] = "manifest",
            ["config"] = new JsonObject { ["manifests"] = new JsonArray { ConfigMap("a", "3") } },
        });
        await Store.Create(composition, Cancellation);

        await WaitFor("second", "Failed", $"ConfigMap {Namespace}/a belongs to Component {Namespace}/first");
        await WaitFor("other-third", "Failed", $"ConfigMap {Namespace}/a belongs to Component {Namespace}/first");
        Assert.Equal(before, (await Live(ResourceType.ConfigMap, "a"))!.ToJsonString());

        // Neither deletes the object.
        await Store.Delete(ResourceType.Component, new(Namespace, "second"), new(), Cancellation);
        await Eventually.Holds(async () => await Live(ResourceType.Component, "second") is null, "the second's end");
        Assert.Equal(before, (await Live(ResourceType.ConfigMap, "a"))!.ToJsonString());
    }

    [Fact]
    public async Task An_object_that_does_not_fit_its_schema_is_refused_as_invalid_although_the_server_answers_500()
    {
        await StartOperator();
        await Manifests("app", Object("v1", "Service", "a", """{"spec": {"ports": "80"}}"""));

        await WaitFor("app", "Failed", $"Service {Namespace}/a", ".spec.ports", "expected list");
    }

    [Fact]
    public async Task A_port_without_protocol_is_refused_as_invalid_before_Kubernetes_1_21()
    {
        var version = await Cluster.Version();
        Assert.SkipUnless(version.IsBefore(1, 21), $"Kubernetes {version} takes TCP for a port without protocol; servers before 1.21 refuse to apply one");
        await StartOperator();
        await Manifests("app", Object("v1", "Service", "a", """{"spec": {"ports": [{"port": 80}]}}"""));

        await WaitFor("app", "Failed", $"Service {Namespace}/a", ".spec.ports", "protocol");
    }

    [Fact]
    public async Task A_port_without_protocol_is_TCP_from_Kubernetes_1_21_on()
    {
        var version = await Cluster.Version();
        Assert.SkipWhen(version.IsBefore(1, 21), $"Kubernetes {version} refuses to apply a port without protocol; servers from 1.21 on take TCP");
        await StartOperator();
        await Manifests("app", Object("v1", "Service", "a", """{"spec": {"ports": [{"port": 80}]}}"""));

        await Ready("app");
        Assert.Equal("TCP", (string?)(await Live(new("", "v1", "Service"), "a"))!["spec"]!["ports"]![0]!["protocol"]);
    }

    [Fact]
    public async Task An_immutable_field_is_refused_with_what_to_do_and_the_Component_heals_without_an_edit()
    {
        static JsonObject Map(string value) => Object("v1", "ConfigMap", "a", $$$"""{"immutable": true, "data": {"k": "{{{value}}}"}}""");
        await StartOperator();
        await Manifests("app", Map("1"));
        await Ready("app");

        await Manifests("app", Map("2"));
        await WaitFor("app", "Failed", "data: ", "field is immutable", "delete the ConfigMap, and it is applied again, or give it a new name");
        Assert.Equal("1", (string?)(await Live(ResourceType.ConfigMap, "a"))!["data"]!["k"]);

        await Store.Delete(ResourceType.ConfigMap, new(Namespace, "a"), new(), Cancellation);
        await Ready("app");
        Assert.Equal("2", (string?)(await Live(ResourceType.ConfigMap, "a"))!["data"]!["k"]);
    }

    [Fact]
    public async Task A_definition_and_objects_of_it_are_applied_from_one_list()
    {
        await StartOperator("--manifest-scope", "cluster");
        var definition = (await Cluster.Call(HttpMethod.Get, "apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.tests.example.com"))["spec"]!;
        var spec = new JsonObject
        {
            ["group"] = "tests.example.com",
            ["scope"] = "Namespaced",
            ["names"] = new JsonObject { ["kind"] = "Gadget", ["listKind"] = "GadgetList", ["plural"] = "gadgets", ["singular"] = "gadget" },
            ["versions"] = definition["versions"]!.DeepClone(),
        };

        await Manifests("app",
            Object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "gadgets.tests.example.com", new JsonObject { ["spec"] = spec }.ToJsonString()),
            Object("tests.example.com/v1", "Gadget", "g"));

        await Ready("app");
        Assert.NotNull(await Live(new("tests.example.com", "v1", "Gadget"), "g"));
        await Store.Delete(ResourceType.Component, new(Namespace, "app"), new(), Cancellation);
        await Eventually.Holds(async () => await Live(ResourceType.Component, "app") is null, "the Component's end");
    }

    [Fact]
    public async Task A_kind_served_only_in_another_version_is_refused_with_the_version_to_write()
    {
        await StartOperator();
        await Manifests("app", ConfigMap("a", "1"), Object("tests.example.com/v1beta1", "Widget", "w"));

        await WaitFor("app", "Failed", "manifests[1].apiVersion: tests.example.com/v1beta1 is not served for Widget: write tests.example.com/v1");
        Assert.Null(await Live(ResourceType.ConfigMap, "a"));
    }

    [Fact]
    public async Task A_config_reader_follows_its_ConfigMap_through_changes_deletion_and_recreation()
    {
        var shared = await Namespaces.New(Store);
        await StartOperator("--config-reader-namespaces", shared);
        await Configured("reader", "config-reader", JsonNode.Parse($$"""
            {"sources": [{"name": "a", "exports": [{"key": "k"}]}, {"name": "b", "namespace": "{{shared}}", "exports": [{"key": "k", "as": "shared"}]}]}
            """)!.AsObject());
        await Configured("nosy", "config-reader",
            JsonNode.Parse("""{"sources": [{"name": "a", "namespace": "kube-system", "exports": [{"key": "k"}]}]}""")!.AsObject());
        await WaitFor("nosy", "Failed", $"\"kube-system\" is not this Component's namespace \"{Namespace}\"", "--config-reader-namespaces kube-system");
        await WaitFor("reader", "Deploying", $"waits for ConfigMap {Namespace}/a and {shared}/b");

        await Map(Namespace, "a", """{"k": "1"}""");
        await Map(shared, "b", """{"k": "2"}""");
        await Outputs("""{"k":"1","shared":"2"}""");

        await Map(shared, "b", """{"k": "3"}""");
        await Outputs("""{"k":"1","shared":"3"}""");

        await Map(Namespace, "a", """{"key": "1"}""");
        await WaitFor("reader", "Failed", $"sources[0].exports[0].key: ConfigMap {Namespace}/a has no key \"k\": there is key");

        await Store.Delete(ResourceType.ConfigMap, new(Namespace, "a"), new(), Cancellation);
        await WaitFor("reader", "Deploying", $"waits for ConfigMap {Namespace}/a");
        await Map(Namespace, "a", """{"k": "4"}""");
        await Outputs("""{"k":"4","shared":"3"}""");

        Task Outputs(string expected) => Until("reader", c => c.IsReady() && c["status"]!["providerStatus"]?.ToJsonString() == expected, expected);
    }

    private async Task Map(string @namespace, string name, string data)
    {
        var map = NewResource.ConfigMap(@namespace, name);
        map["data"] = JsonNode.Parse(data);
        await Store.Apply(map, new("test", Force: true), Cancellation);
    }
}
