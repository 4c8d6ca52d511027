using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Graph;

/// <summary>The effective config of a Component, which need not exist yet.</summary>
/// <param name="Component">The Component.</param>
/// <param name="By">Where it comes from, as messages name it: an entry of a Composition, or the Component itself.</param>
/// <param name="Config">The config as written.</param>
/// <param name="Outputs">The known outputs that it may refer to, by reference name.</param>
internal sealed record WantedConfig(ObjectKey Component, string By, JsonObject Config, Func<string, JsonObject> Outputs);
