using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Handlers;

/// <summary>Takes what happened to Components, for people to read.</summary>
internal interface IEventSink
{
    /// <summary>Takes one event. Never throws, never waits.</summary>
    void Record(Component component, HandlerEvent happened);
}
