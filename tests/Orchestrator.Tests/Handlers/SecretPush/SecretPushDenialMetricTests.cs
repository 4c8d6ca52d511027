using System.Diagnostics.Metrics;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Denials are counted by policy and rule.</summary>
public sealed class SecretPushDenialMetricTests
{
    [Fact]
    public async Task A_denial_counts_for_its_policy_and_rule()
    {
        const string Name = "denials-of-this-test";
        var counted = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "dorch.policy.denied")
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if (tags.ToArray().Contains(new("policy", Name)) && tags.ToArray().Contains(new("rule", "allow.secretNames")))
                Interlocked.Add(ref counted, count);
        });
        listener.Start();

        await using var secret = await PushedSecret.StartWalledAsync();
        await secret.PutPolicy("{namespaces: {}, allow: {secretNames: [other/*]}}", Name);
        await secret.Put(PushedSecret.Config());

        Assert.InRange(Interlocked.Read(ref counted), 1, 2);
    }
}
