using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Graph;

/// <summary>What one entry wants.</summary>
/// <param name="Composition">Its Composition.</param>
/// <param name="Entry">Its name.</param>
/// <param name="Component">The Component as it is to be, as far as it is known, with the status of the one that is there.</param>
internal sealed record WantedComponent(Composition Composition, string Entry, Component Component);
