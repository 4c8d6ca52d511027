using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Examples;

/// <summary>
/// An example as its README describes: kubectl applies its files unchanged, in its own namespace, with the rights that it ships. The operator works in all
/// namespaces.
/// </summary>
public abstract class ExampleOnClusterTest(OwnCluster own, string example, string @namespace) : OperatorTest(own.Cluster, own.Installation)
{
    private protected Kubectl Kubectl => new(Cluster.Kubeconfig);

    /// <summary>The example's namespace.</summary>
    protected string ExampleNamespace => @namespace;

    protected override string SecretPrefix => $"{@namespace}/";

    public override async ValueTask InitializeAsync()
    {
        Kubectl.MustBeThere();
        await base.InitializeAsync();
    }

    /// <summary>Starts the operator and applies the example, once the rights that it ships take effect: these tests allow no refusal.</summary>
    protected async Task Apply(string group, string resource)
    {
        foreach (var file in (string[])["00-namespace.yaml", "01-rights.yaml"])
            await Kubectl.Run("apply", "-f", Path.Combine(Repository.Example(example), file));
        await Eventually.Holds(() => Installation.MayDo(Cluster, group, resource, "patch", @namespace), $"the right to apply {resource}");
        await Start(Kubeconfig);
        await Kubectl.Run("apply", "-f", Repository.Example(example));
    }

    /// <summary>Deletes the namespace, and the secret for good: the next test must not find one to restore.</summary>
    protected async Task End(string secret)
    {
        await Kubectl.Run("delete", "namespace", @namespace, "--timeout=90s");
        Assert.Empty(await SecretsManager.Live(SecretPrefix));
        await SecretsManager.Call("DeleteSecret", new() { ["SecretId"] = secret, ["ForceDeleteWithoutRecovery"] = true });
    }

    /// <summary>An object of the example.</summary>
    protected Task<JsonObject?> Live(ResourceType type, string name) => Store.Get(type, new(@namespace, name), Cancellation);

    /// <summary>Ends when an object of the example meets the condition.</summary>
    protected async Task<JsonObject> Until(ResourceType type, string name, Func<JsonObject, bool> isWanted, string what)
    {
        JsonObject? last = null;
        await Eventually.Holds(
            async () => (last = await Live(type, name)) is not null && isWanted(last),
            $"{type.Kind} {name} {what}",
            more: () => $"{last}\n{string.Join('\n', Components(@namespace).GetAwaiter().GetResult().Select(c => $"{c.Name()}: {c["status"]}"))}");
        return last!;
    }

    /// <summary>Ends when a Component is in this phase for its current generation, and its Ready condition has these texts.</summary>
    protected Task<JsonObject> WaitFor(string name, string phase, params string[] texts) => Until(
        ResourceType.Component,
        name,
        c => c.Phase() == phase && (long?)c["status"]!["observedGeneration"] == (long?)c["metadata"]!["generation"]
            && texts.All(t => ((string?)c.Condition("Ready")["message"] ?? "").Contains(t, StringComparison.Ordinal)),
        $"is {phase}: {string.Join(" … ", texts)}");

    /// <summary>Ends when the Composition is Ready for its current generation.</summary>
    protected Task<JsonObject> Ready(string name) => Until(ResourceType.Composition, name, c => c.IsReady(), "is Ready");

    /// <summary>Writes the status that an object's own controller would write.</summary>
    protected Task SetStatus(ResourceType type, string name, Func<JsonObject, JsonObject> status) => Change(type, name, live =>
    {
        live["status"] = status(live);
        return Store.ReplaceStatus(live, Cancellation);
    });

    /// <summary>Changes the current object, and retries conflicts.</summary>
    protected Task Change(ResourceType type, string name, Func<JsonObject, Task> write) => Eventually.Holds(
        async () =>
        {
            try
            {
                if (await Live(type, name) is not { } live)
                    return false;
                await write(live);
                return true;
            }
            catch (ResourceException e) when (e.Error == ResourceError.Conflict)
            {
                return false;
            }
        },
        $"a change of {type.Kind} {name}");
}
