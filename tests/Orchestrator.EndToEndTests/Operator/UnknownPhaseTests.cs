using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>A status that only an older or newer CRD, without this schema, may accept.</summary>
[Collection(OwnCluster.Name)]
public sealed class UnknownPhaseTests(OwnCluster own) : OperatorTest(own.Cluster, own.Installation)
{
    [Fact]
    public async Task A_Component_with_an_unknown_phase_heals()
    {
        var shipped = await File.ReadAllTextAsync(Path.Combine(Installation.Base, "crds", "components.yaml"), Cancellation);
        var phases = shipped.IndexOf("                  enum:\n                    - Pending", StringComparison.Ordinal);
        var lax = shipped.Remove(phases, shipped.IndexOf("                message:", phases, StringComparison.Ordinal) - phases);
        await StartOperator();
        await Create(SecretPushes.Many(Namespace, 1));
        await AllReady(1);
        try
        {
            await Cluster.InstallCrd(lax);
            // The API server enforces the new schema a moment later.
            await Eventually.Holds(
                async () =>
                {
                    var component = await Component("secret-0");
                    component["status"]!["phase"] = "Thinking";
                    try
                    {
                        await Store.ReplaceStatus(component, Cancellation);
                        return true;
                    }
                    catch (ResourceException e) when (e.Error == ResourceError.Invalid)
                    {
                        return false;
                    }
                },
                "a phase that nobody knows");

            await AllReady(1);
            await AssertOneVersionEach(SecretPushes.SecretNames(Namespace, 1));
        }
        finally
        {
            await Cluster.InstallCrd(shipped);
        }
    }
}
