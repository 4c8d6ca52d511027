using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

/// <summary>Facts from a resource's metadata.</summary>
internal static class ResourceFacts
{
    public static string Uid(this JsonObject resource) => (string)resource["metadata"]!["uid"]!;

    public static bool IsTerminating(this JsonObject resource) => resource["metadata"]!["deletionTimestamp"] is not null;

    public static bool HasFinalizer(this JsonObject resource, string finalizer) =>
        resource["metadata"]!["finalizers"]?.AsArray().Any(f => (string?)f == finalizer) == true;
}
