using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>The result of <c>kubectl apply -f</c> for an existing resource: fields in the file are set, fields of the last apply that the file no longer
/// has are removed. Pure.</summary>
/// <remarks>
/// Source: https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/#how-apply-calculates-differences-and-merges-changes. Lists are
/// replaced, as for any custom resource. If the last apply is unknown, a Component's or Composition's spec becomes the file's.
/// </remarks>
internal static class KubectlApply
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    private static readonly string DefaultTimeout = GoDuration.ToText(Deadline.DefaultTimeout);

    public static JsonObject Merge(JsonObject live, JsonObject file)
    {
        var after = live.DeepClone().AsObject();
        var last = LastApply((string?)live["metadata"]?["annotations"]?[LastApplied]);
        if (last is null && ResourceType.Of(live).Group == ApiGroup.Name)
            after["spec"] = file["spec"]?.DeepClone();
        var wanted = file.DeepClone().AsObject();
        // kubectl keeps the last apply among the annotations, so they are never removed as a whole.
        if (live["metadata"]?["annotations"] is JsonObject && wanted["metadata"] is JsonObject { } metadata && metadata["annotations"] is null)
            metadata["annotations"] = new JsonObject();
        Merge(after, wanted, last);
        KeepDefaults(live["spec"] as JsonObject, after["spec"] as JsonObject);
        return after;
    }

    // Any client may write annotations. A status is not applied.
    private static JsonObject? LastApply(string? text)
    {
        try
        {
            var last = text is null ? null : JsonNode.Parse(text, documentOptions: new() { MaxDepth = JsonDepth.OfRecords }) as JsonObject;
            last?.Remove("status");
            return last;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A field missing in the file gets its default from the CRDs again: that is no change.
    private static void KeepDefaults(JsonObject? live, JsonObject? after)
    {
        if (live is null || after is null)
            return;
        foreach (var timeout in (string[])["deploymentTimeout", "terminationTimeout"])
        {
            if (!after.ContainsKey(timeout) && (string?)live[timeout] == DefaultTimeout)
                after[timeout] = DefaultTimeout;
        }

        var before = (live["components"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        foreach (var entry in (after["components"] as JsonArray ?? []).OfType<JsonObject>())
            KeepDefaults(before.Find(e => JsonNode.DeepEquals(e["name"], entry["name"])), entry);
    }

    private static void Merge(JsonObject after, JsonObject file, JsonObject? last)
    {
        foreach (var key in (last ?? []).Select(f => f.Key).Where(key => !file.ContainsKey(key)).ToList())
            after.Remove(key);
        foreach (var (key, value) in file)
        {
            if (value is JsonObject wanted && after[key] is JsonObject there)
                Merge(there, wanted, last?[key] as JsonObject);
            else
                after[key] = value?.DeepClone();
        }
    }
}
