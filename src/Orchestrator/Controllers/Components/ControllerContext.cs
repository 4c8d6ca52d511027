using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>What the controllers take from outside themselves, so that a test decides on it.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Jitter">A new random number in [0, 1) at each call: spreads retries.</param>
/// <param name="Events">Takes events.</param>
internal sealed record ControllerContext(TimeProvider Time, Func<double> Jitter, IEventSink Events);
