using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>The clock, the jitter and the event sink of the controllers; tests replace them.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Jitter">A new random number in [0, 1) at each call: spreads retries.</param>
/// <param name="Events">Takes events.</param>
internal sealed record ControllerContext(TimeProvider Time, Func<double> Jitter, IEventSink Events);
