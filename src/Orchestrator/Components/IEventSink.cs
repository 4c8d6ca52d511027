using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Components;

/// <summary>Takes what happened to Components, for people to read.</summary>
public interface IEventSink
{
    /// <summary>Takes one event. Never throws, never waits.</summary>
    void Record(Component component, HandlerEvent happened);
}
