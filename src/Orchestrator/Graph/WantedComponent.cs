using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Graph;

/// <summary>The desired Component of an entry.</summary>
/// <param name="Composition">Its Composition.</param>
/// <param name="Entry">Its name.</param>
/// <param name="Component">The desired Component, as far as it is known, with the status of the existing one.</param>
internal sealed record WantedComponent(Composition Composition, string Entry, Component Component);
