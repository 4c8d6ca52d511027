using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers.ConfigReader;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers;

/// <summary>What is known of the places of each handler's config: pure, so that whoever resolves a config knows it without the handler.</summary>
internal static class HandlerPlaces
{
    private static readonly Dictionary<string, ConfigPlaces> ByHandler = new(StringComparer.Ordinal)
    {
        [SecretPushHandler.HandlerName] = new SecretPushPlaces(),
        ["manifest"] = new ManifestValues(),
        ["config-reader"] = new ConfigReaderPlaces(),
    };

    /// <summary>The places of a handler's config.</summary>
    public static ConfigPlaces Of(string? handler) => handler is null ? ConfigPlaces.Unknown : ByHandler.GetValueOrDefault(handler, ConfigPlaces.Unknown);

    /// <summary>What is wrong with actions that read the status of a component within reach: only what manifest applies has readers of its own.</summary>
    public static IEnumerable<Problem> StatusProblems(string? handler, JsonObject? config, Func<string, bool> isComponent) =>
        ConfigReferences.FindStatuses(config ?? []).Where(s => isComponent(s.Component)).Select(s => s.ToProblem(mayBeOthers: handler is not (SecretPushHandler.HandlerName or "config-reader")));

    /// <summary>The references in a handler's config, as far as they are well-formed.</summary>
    public static IReadOnlyList<PlacedReference> References(string? handler, JsonObject? config) =>
        ConfigReferences.Find(config ?? [], new List<Problem>(), Of(handler));
}
