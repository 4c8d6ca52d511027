using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Controllers;

/// <summary>Takes what happened to Components, for people to read.</summary>
internal interface IEventSink
{
    /// <summary>Takes one event. Never throws, never waits.</summary>
    void Record(Component component, HandlerEvent happened);
}
