using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary>Kinds and namespaces that exist in the cluster or come with the files.</summary>
public sealed partial class ClusterPlanTests
{
    [Fact]
    public async Task A_plan_refuses_a_namespace_that_does_not_exist()
    {
        var file = example.Write("other.json", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other","namespace":"nowhere"}}""");

        Assert.Equal(["fail other ConfigMap nowhere/other: there is no namespace nowhere, and no file creates it: kubectl apply would be refused"],
            Items(await Run(1, file)));
    }

    /// <summary>Field: cluster-scoped-beside-a-component.</summary>
    [Fact]
    public async Task A_plan_asks_the_cluster_which_kinds_are_cluster_scoped()
    {
        await Cluster.Put(Definition("Realm", "Cluster"));
        var file = example.Write("mixed.json", $$$"""
            {"apiVersion":"v1","kind":"List","items":[
              {"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"fast"},"provisioner":"x"},
              {"apiVersion":"external-secrets.io/v1beta1","kind":"ClusterSecretStore","metadata":{"name":"aws"}},
              {"apiVersion":"example.com/v1","kind":"Realm","metadata":{"name":"one"}},
              {"apiVersion":"example.com/v1","kind":"Realm","metadata":{"name":"two","namespace":"ignored"}},
              {{{Definition("Planet", "Cluster").ToJsonString()}}},
              {"apiVersion":"example.com/v1","kind":"Planet","metadata":{"name":"earth"}},
              {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"here"}}]}
            """);

        var lines = Items(await Run(0, file, Serving("Planet")));

        Assert.Equal(
            [
                "create fast StorageClass fast: it does not exist", "create aws ClusterSecretStore aws: it does not exist",
                "create one Realm one: it does not exist",
                "create two Realm two: it does not exist", "create planets.example.com CustomResourceDefinition planets.example.com: it does not exist",
                "create earth Planet earth: it does not exist", "create here ConfigMap default/here: it does not exist",
            ],
            lines);
    }

    [Fact]
    public async Task A_plan_refuses_a_kind_that_is_not_served()
    {
        var file = example.Write("planet.json", """{"apiVersion":"example.com/v1","kind":"Planet","metadata":{"name":"earth"}}""");

        Assert.Equal(
            ["fail earth Planet earth: Planet is not served, and no file brings its CustomResourceDefinition: kubectl apply would be refused"],
            Items(await Run(1, file, Serving("Planet"))));
    }

    // The store in memory serves every kind.
    private HookedStore Serving(string allBut) => new(Cluster.Store)
    {
        Before = (call, name) => call == "IsNamespaced" && name == allBut
            ? throw new ResourceException(ResourceError.NotServed, $"{allBut} is not served")
            : Task.CompletedTask,
    };

    private static JsonObject Definition(string kind, string scope) => JsonNode.Parse($$$"""
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"{{{kind.ToLowerInvariant()}}}s.example.com"},
         "spec":{"group":"example.com","names":{"kind":"{{{kind}}}","plural":"{{{kind.ToLowerInvariant()}}}s"},"scope":"{{{scope}}}"}}
        """)!.AsObject();
}
