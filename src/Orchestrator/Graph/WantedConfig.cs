using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Graph;

/// <summary>The config in force for a Component, whether or not the Component exists yet.</summary>
/// <param name="Component">The Component.</param>
/// <param name="By">Who wants it so, as messages name it: an entry of a Composition, or the Component itself.</param>
/// <param name="Config">The config as written.</param>
/// <param name="Outputs">What is known of the outputs that it may refer to, by reference name.</param>
internal sealed record WantedConfig(ObjectKey Component, string By, JsonObject Config, Func<string, JsonObject> Outputs);
