using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>What must hold after the attack.</summary>
internal sealed partial class EscapeCell
{
    // No secret is new, no other team's secret changes, and the tenant's own changes only by a deletion that the tenant may request.
    private void Compare(Dictionary<string, JsonObject> before, Dictionary<string, JsonObject> after, List<string> failures)
    {
        foreach (var made in after.Keys.Except(before.Keys, StringComparer.Ordinal))
            failures.Add($"{made} was created");
        foreach (var (key, old) in before)
        {
            var isOwn = key.StartsWith($"{EscapeRule.OwnAccount} us-east-1 {world.Prefix}/mine/app", StringComparison.Ordinal)
                || key.StartsWith($"222222222222 us-east-1 {world.Prefix}/mine/app", StringComparison.Ordinal);
            if (!after.TryGetValue(key, out var now))
                failures.Add($"{key} is gone");
            else if (Text(old, isOwn && !rule.KeepsOwn) is var was && Text(now, isOwn && !rule.KeepsOwn) is var isNow && was != isNow)
                failures.Add($"{key} was\n{was}\nand is\n{isNow}");
        }
    }

    /// <summary>
    /// Whether the secret that the breaking config names has become the tenant's: it has the tag of the tenant's Component, and is scheduled for deletion
    /// if the attack ends with the Component's deletion.
    /// </summary>
    public async Task<bool> HasFoothold()
    {
        var client = await SecretsPicture.Client(world, rule.Victim.Region, rule.Victim.Account);
        var secret = (await client.Call("DescribeSecret", new { SecretId = (string)Bad["secretName"]! })).Json;
        var tags = secret["Tags"]?.AsArray() ?? [];
        return tags.Any(t => (string?)t!["Value"] == $"{world.ClusterId}/{Namespace}/{ComponentName}") && way.IsDeleted == (secret["DeletedDate"] is not null);
    }

    private string ComponentName => way.Name == "rename" ? $"{Graph}-two" : App;

    private static string Text(JsonObject described, bool withoutDeletion)
    {
        var text = described.DeepClone().AsObject();
        // Changed by mere reading.
        text.Remove("LastAccessedDate");
        if (withoutDeletion)
        {
            text.Remove("DeletedDate");
            text.Remove("LastChangedDate");
        }

        return text.ToJsonString();
    }

    private async Task CheckStatus(List<string> failures)
    {
        var component = await world.Platform.Get(ResourceType.Component, new(Namespace, ComponentName), Cancellation);
        if (component is null)
        {
            if (!way.IsDeleted && !(rule.IsInvalid && way.IsByComposition))
                failures.Add("the Component is not there");
            return;
        }

        var ready = component["status"]?["conditions"]?.AsArray().FirstOrDefault(c => (string?)c!["type"] == Condition.Ready);
        var (phase, reason, message) = ((string?)component["status"]?["phase"], (string?)ready?["reason"], (string?)ready?["message"] ?? "");
        // Two rules are broken if the attack itself is refused, too.
        var isExpected = reason == rule.Reason && message.Contains(rule.Says, StringComparison.Ordinal);
        var isOfWay = way.Says is { } said && reason == "Denied" && message.Contains(said, StringComparison.Ordinal);
        if (phase is not (Phase.Failed or Phase.TerminationFailed) || (way.IsDeleted ? reason is not ("Denied" or "Conflict") : !isExpected && !isOfWay))
            failures.Add($"it is {phase}, {reason}, and must be {rule.Reason}, {rule.Says}: {message}");
        else if (reason == "Denied" && rule is { Policy: not null, DeniedAction: null } && !message.Contains(PolicyName, StringComparison.Ordinal))
            failures.Add($"the message does not name the policy: {message}");
    }

    // The tenant reads nothing of other teams beyond the tenant's own input. Forged or restored statuses name them in status.applied.
    private async Task CheckTexts(List<string> failures)
    {
        var texts = new List<string>(await world.Events());
        foreach (var type in (ResourceType[])[ResourceType.Component, ResourceType.Composition])
        {
            foreach (var status in (await world.Platform.List(type, Namespace, Cancellation)).Items.Select(i => i["status"]).OfType<JsonObject>())
            {
                status.Remove("applied");
                if (way.IsStatusForeign)
                    status.Remove("providerStatus");
                texts.Add(status.ToJsonString());
            }
        }

        foreach (var foreign in (string[])[world.Neighbour, Owner, .. rule.ShowsClusterId ? [] : (string[])[world.ClusterId]])
            failures.AddRange(texts.Where(t => t.Contains(foreign, StringComparison.Ordinal)).Select(t => $"the tenant reads {foreign}: {t}"));
    }
}
