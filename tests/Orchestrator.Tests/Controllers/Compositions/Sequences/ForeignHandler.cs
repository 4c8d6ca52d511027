using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>An external handler <c>rds</c>, which knows only the protocol: it claims, reports and releases.</summary>
internal static class ForeignHandler
{
    private static readonly string Finalizer = ApiGroup.LifecycleFinalizer(RandomEntry.Foreign);

    /// <summary>Does all pending work; false if there was none.</summary>
    public static async Task<bool> Run(IResourceStore store, string @namespace)
    {
        try
        {
            return await RunOnce(store, @namespace, TestContext.Current.CancellationToken);
        }
        catch (ResourceException e) when (e.Error is ResourceError.Conflict or ResourceError.NotFound)
        {
            // The controllers wrote in between: retried in the next round.
            return true;
        }
    }

    private static async Task<bool> RunOnce(IResourceStore store, string @namespace, CancellationToken cancellation)
    {
        var did = false;
        foreach (var child in (await store.List(ResourceType.Component, @namespace, cancellation)).Items)
        {
            var metadata = child["metadata"]!.AsObject();
            var finalizers = (metadata["finalizers"]?.AsArray() ?? []).Select(f => (string)f!).ToList();
            var isGoing = metadata["deletionTimestamp"] is not null;
            if (finalizers.Contains(Finalizer) && isGoing && !finalizers.Contains(ApiGroup.CoordinationFinalizer))
            {
                metadata["finalizers"] = new JsonArray([.. finalizers.Where(f => f != Finalizer).Select(f => (JsonNode)f)]);
                await store.Replace(child, cancellation);
                did = true;
            }
            else if (!isGoing && (string?)child["spec"]!["handler"] == RandomEntry.Foreign
                && !finalizers.Exists(f => f.EndsWith("/lifecycle", StringComparison.Ordinal)))
            {
                metadata["finalizers"] = new JsonArray([.. finalizers.Append(Finalizer).Select(f => (JsonNode)f)]);
                await store.Replace(child, cancellation);
                did = true;
            }
            else if (!isGoing && finalizers.Contains(Finalizer) && !IsObserved(child))
            {
                child["status"] = new JsonObject
                {
                    ["phase"] = Phase.Ready,
                    ["observedGeneration"] = metadata["generation"]!.DeepClone(),
                    ["applied"] = new JsonObject { ["uid"] = metadata["uid"]!.DeepClone() },
                    ["providerStatus"] = new JsonObject { ["endpoint"] = child["spec"]!["config"]!["value"]!.DeepClone() },
                };
                await store.ReplaceStatus(child, cancellation);
                did = true;
            }
        }

        return did;
    }

    // A restored object's generation begins at 1 again, and its restored status may have the same number.
    private static bool IsObserved(JsonObject child) =>
        (long?)child["status"]?["observedGeneration"] == (long?)child["metadata"]!["generation"]
        && (string?)child["status"]?["applied"]?["uid"] == (string?)child["metadata"]!["uid"];
}
