using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Handlers;

/// <summary>Records events of Components for people to read.</summary>
internal interface IEventSink
{
    /// <summary>Records one event. Never throws, never blocks.</summary>
    void Record(Component component, HandlerEvent happened);
}
