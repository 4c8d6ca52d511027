using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests;

/// <summary>Searches every version of every resource, the events and the log for leaked values.</summary>
internal sealed partial class EmbeddedCluster
{
    /// <summary>Fails if a generated value occurs in any version of any resource, in an event or in the log.</summary>
    public async Task AssertNothingLeaked()
    {
        var scan = new LeakScan(SecretsManager.Generated);
        scan.AssertAbsent("an event", string.Join('\n', EventTexts));
        scan.AssertAbsent("the log", string.Join('\n', log.Lines));
        scan.AssertAbsent("what the log's lines are made of", string.Join('\n', log.Details));
        foreach (var type in Hooked.Types.Concat(types.Keys).Distinct())
        {
            if (Store.ResourceVersion(type) is not "0" and var last)
                await AssertNothingLeaked(scan, type, last);
        }
    }

    private async Task AssertNothingLeaked(LeakScan scan, ResourceType type, string last)
    {
        await foreach (var happened in Store.Watch(type, null, "0", CancellationToken.None))
        {
            scan.AssertAbsent($"a version of {type}", happened.Resource.ToJsonString());
            if ((string?)happened.Resource["metadata"]!["resourceVersion"] == last)
                return;
        }
    }
}
