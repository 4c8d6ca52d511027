using System.Globalization;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>The content of a Kubernetes Lease.</summary>
/// <param name="Holder">The holder; empty if it was released.</param>
/// <param name="Duration">How long a renewal is valid.</param>
/// <param name="Acquired">When the holder acquired it, by its own clock.</param>
/// <param name="Renewed">When the holder last renewed it, by its own clock.</param>
/// <param name="Transitions">How often the holder changed.</param>
/// <remarks>Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/.</remarks>
internal sealed record LeaseRecord(string Holder, TimeSpan Duration, DateTimeOffset? Acquired, DateTimeOffset? Renewed, int Transitions)
{
    /// <summary>The kind.</summary>
    public static readonly ResourceType Type = new("coordination.k8s.io", "v1", "Lease");

    private const string MicroTime = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>Reads a Lease; missing or malformed fields count as absent.</summary>
    public static LeaseRecord Read(JsonObject lease)
    {
        var spec = lease["spec"] as JsonObject;
        return new(
            spec?["holderIdentity"]?.GetValue<string>() ?? "",
            TimeSpan.FromSeconds(spec?["leaseDurationSeconds"]?.GetValue<int>() ?? 0),
            Time(spec?["acquireTime"]),
            Time(spec?["renewTime"]),
            spec?["leaseTransitions"]?.GetValue<int>() ?? 0);
    }

    /// <summary>A new Lease.</summary>
    public JsonObject ToResource(ObjectKey key) => new()
    {
        ["apiVersion"] = Type.ApiVersion,
        ["kind"] = Type.Kind,
        ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace },
        ["spec"] = ToSpec(),
    };

    /// <summary>The Lease that was read, with this content.</summary>
    public JsonObject ToResource(JsonObject lease)
    {
        var changed = lease.DeepClone().AsObject();
        changed["spec"] = ToSpec();
        return changed;
    }

    private JsonObject ToSpec() => new()
    {
        ["holderIdentity"] = Holder,
        ["leaseDurationSeconds"] = (int)Duration.TotalSeconds,
        ["acquireTime"] = Acquired?.UtcDateTime.ToString(MicroTime, CultureInfo.InvariantCulture),
        ["renewTime"] = Renewed?.UtcDateTime.ToString(MicroTime, CultureInfo.InvariantCulture),
        ["leaseTransitions"] = Transitions,
    };

    private static DateTimeOffset? Time(JsonNode? text) =>
        DateTimeOffset.TryParse((string?)text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
