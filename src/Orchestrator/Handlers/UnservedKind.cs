using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>Messages about a kind that the API server does not serve.</summary>
internal static class UnservedKind
{
    /// <summary>The message while the kind is awaited.</summary>
    public static string Waiting(IEnumerable<ResourceType> kinds) =>
        $"waits for the kind {string.Join(" and ", kinds.Distinct().Select(t => $"{t.Kind} of {t.ApiVersion}"))}, which is not served yet";

    /// <summary>The served version to write instead.</summary>
    /// <param name="failure">The refusal, which lists the served versions.</param>
    /// <param name="type">The kind as written.</param>
    /// <param name="path">The path of the object in the config.</param>
    public static Problem OtherVersion(ResourceException failure, ResourceType type, string path)
    {
        var served = string.Join(" or ", failure.Details.Select(version => Qualified(version, type)));
        return new($"{path}.apiVersion", $"{type.ApiVersion} is not served for {type.Kind}: write {served}");
    }

    private static string Qualified(string version, ResourceType type) =>
        version.Contains('/', StringComparison.Ordinal) ? version : (type with { Version = version }).ApiVersion;
}
