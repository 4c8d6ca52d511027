using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Graph;

/// <summary>A component of the files, which may not exist yet, and its outputs.</summary>
/// <param name="Key">Its Component.</param>
/// <param name="ReferenceName">Its name in references.</param>
/// <param name="Handler">Its handler.</param>
/// <param name="TakesOutputs">Whether its outputs come from objects, so that given values can replace them.</param>
/// <param name="Outputs">The names of its outputs; null if unknown.</param>
internal sealed record ComponentOutputs(ObjectKey Key, string ReferenceName, string Handler, bool TakesOutputs, IReadOnlyCollection<string>? Outputs);
