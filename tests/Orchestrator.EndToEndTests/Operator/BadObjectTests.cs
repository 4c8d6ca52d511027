using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>Mistakes of users are reported, cost no secret, and heal.</summary>
public sealed class BadObjectTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    [Fact]
    public async Task Kubectl_shows_what_the_schema_refuses_with_its_place()
    {
        Kubectl.MustBeThere();
        using var folder = new TemporaryFolder();
        var file = folder.Write("bad.yaml", $$"""
            apiVersion: deployment-orchestrator.io/v1alpha1
            kind: Component
            metadata:
              name: bad
              namespace: {{Namespace}}
            spec:
              handler: Secret Push
              name: a-b
              deploymentTimeout: 5 minutes
              config: text
            """);

        // The API server decides: kubectl's own schema check finds fewer problems.
        var refused = (await new Kubectl(Cluster.Kubeconfig).Try("apply", "--validate=false", "-f", file)).Exited(1);

        Assert.Contains("The Component \"bad\" is invalid", refused.Errors, StringComparison.Ordinal);
        foreach (var place in (string[])["spec.handler", "spec.name", "spec.deploymentTimeout", "spec.config"])
            Assert.Contains($"{place}: Invalid value", refused.Errors, StringComparison.Ordinal);
        Assert.Empty(await Components());
    }

    [Fact]
    public async Task A_config_that_only_the_handler_can_refuse_is_Failed_with_every_problem()
    {
        await StartOperator();
        var bad = SecretPushes.Component(Namespace, "bad");
        bad["spec"]!["config"] = JsonNode.Parse("""
            {
              "secretname": "x", "updatePolicy": "Sometimes",
              "fields": {"both": {"value": "x", "generator": {"passwordLength": 8}}, "long": {"generator": {"passwordLength": 5000}}, "number": {"value": 5}}
            }
            """);
        await Store.Create(bad, Cancellation);

        var failed = await Until("bad", c => c.Phase() == "Failed", "Failed");

        var message = (string)failed.Condition("Ready")["message"]!;
        foreach (var place in (string[])["secretname", "updatePolicy", "fields.both", "fields.long.generator.passwordLength", "fields.number.value"])
            Assert.True(message.Contains(place, StringComparison.Ordinal), $"{place} is not in: {message}");
        Assert.Empty(await SecretsManager.Live(SecretPrefix));
    }

    [Fact]
    public async Task A_Component_edited_to_an_invalid_config_keeps_its_secret_and_heals()
    {
        await StartOperator();
        await Create(SecretPushes.Many(Namespace, 1));
        await AllReady(1);
        var versions = await SecretsManager.Versions($"{Namespace}/secret-0");

        await Length("secret-0", 5000);
        await Until("secret-0", c => c.Phase() == "Failed", "Failed");
        Assert.Equal(versions, await SecretsManager.Versions($"{Namespace}/secret-0"));

        await Length("secret-0", 24);
        await AllReady(1);
        Assert.Equal(versions, await SecretsManager.Versions($"{Namespace}/secret-0"));

        // The config is invalid at the deletion: the last applied state counts.
        await Length("secret-0", 5000);
        await Store.Delete(ResourceType.Component, new(Namespace, "secret-0"), new(), Cancellation);
        await AllReady(0);
        await AssertScheduledForDeletion("secret-0");
    }

    [Fact]
    public async Task A_status_that_was_edited_heals()
    {
        await StartOperator();
        await Create(SecretPushes.Many(Namespace, 1));
        await AllReady(1);

        var component = await Component("secret-0");
        var before = component["status"]!["providerStatus"]!.DeepClone();
        component["status"] = new JsonObject { ["phase"] = "Failed", ["message"] = "by hand", ["observedGeneration"] = 1 };
        await Store.ReplaceStatus(component, Cancellation);

        await AllReady(1);
        var healed = await Component("secret-0");
        Assert.NotEqual("by hand", (string?)healed["status"]!["message"]);
        foreach (var output in (string[])["secretArn", "secretName", "secretPath", "region"])
            Assert.Equal((string?)before[output], (string?)healed["status"]!["providerStatus"]![output]);
        await AssertOneVersionEach(SecretPushes.SecretNames(Namespace, 1));
    }

    private async Task Length(string name, int length)
    {
        await Eventually.Holds(
            async () =>
            {
                var component = await Component(name);
                component["spec"]!["config"]!["fields"]!["password"]!["generator"]!["passwordLength"] = length;
                try
                {
                    await Store.Replace(component, Cancellation);
                    return true;
                }
                catch (ResourceException e) when (e.Error == ResourceError.Conflict)
                {
                    return false;
                }
            },
            "the edit");
    }
}
