using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Examples;

/// <summary>examples/service-endpoint on a real API server, which assigns the Services' addresses. The test simulates the cloud's load
/// balancers.</summary>
[Collection(OwnCluster.Name)]
public sealed class ServiceEndpointWithSimulatedLoadBalancerTests(OwnCluster own) : ExampleOnClusterTest(own, "service-endpoint", "shop")
{
    private const string Secret = "shop/prod/callback";

    private static readonly ResourceType Service = new("", "v1", "Service");

    [Fact]
    public async Task The_secret_has_the_load_balancers_hostname_and_the_address_of_the_other_Service()
    {
        await Apply("", "services");
        await WaitFor("shop-web", "Deploying", "waiting for Service web: status.loadBalancer.ingress[0].hostname");
        await WaitFor("shop-cache", "Ready");
        Assert.Null(await SecretsManager.Describe(Secret));

        await CloudReports("a1b2.elb.us-east-1.amazonaws.com");
        await Ready("shop");

        var cache = (string?)(await Live(Service, "cache"))!["spec"]!["clusterIP"];
        var value = await SecretsManager.Value(Secret);
        Assert.Equal("https://a1b2.elb.us-east-1.amazonaws.com/callback", (string?)value["url"]);
        Assert.Equal($"{cache}:6379", (string?)value["cache"]);
        Assert.Matches("^[A-Za-z0-9]{40}$", (string?)value["token"]);
        Assert.Single(await SecretsManager.Versions(Secret));
        await AssertNothingLeaked("shop", atLeast: 1);

        // A recreated Service has another address; under IfNotExists the secret keeps its value, and the entry reports that.
        await CloudReports("c3d4.elb.us-east-1.amazonaws.com");
        await WaitFor("shop-callback", "Ready", "fields changed after the secret was written, and IfNotExists leaves its value");
        Assert.Equal(value.ToJsonString(), (await SecretsManager.Value(Secret)).ToJsonString());

        // Objects that another client applied stay, and those of the Composition are deleted.
        await Kubectl.Run("delete", "composition", "shop", "-n", "shop", "--timeout=90s");
        Assert.Null(await Live(Service, "web"));
        Assert.NotNull(await Live(Service, "cache"));
        await End(Secret);
    }

    private Task CloudReports(string hostname) => SetStatus(Service, "web", _ => new()
    {
        ["loadBalancer"] = new JsonObject { ["ingress"] = new JsonArray { new JsonObject { ["hostname"] = hostname } } },
    });
}
