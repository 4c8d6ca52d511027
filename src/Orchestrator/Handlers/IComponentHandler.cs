using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers;

/// <summary>
/// Does the work of one component type. Level-triggered and idempotent: it is called at any time, any number of times, by one caller per Component
/// at a time, and compares config, its own last outputs and the world each time. It may be killed at any moment and is then called again.
/// </summary>
public interface IComponentHandler
{
    /// <summary>The name in <c>spec.handler</c> and an entry's <c>type</c>: a DNS label. Unique; a duplicate fails at start.</summary>
    string Name { get; }

    /// <summary>
    /// What is known of its config without calling it, for whoever resolves references; <see cref="ConfigSchema.Unknown"/> where there is nothing to say.
    /// </summary>
    ConfigSchema Schema { get; }

    /// <summary>
    /// Everything wrong with a config, at once. Pure: nothing is called. Strings may still hold references to other components; what depends on
    /// their values is left for <see cref="Apply"/>, which gets them resolved.
    /// </summary>
    IReadOnlyList<Problem> Validate(JsonObject config);

    /// <summary>Brings the external state to what the config asks for. Throws only on cancellation; failures are returned.</summary>
    Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation);

    /// <summary>Takes away what <see cref="Apply"/> made. Must work with any config, an invalid one included: then what was last applied counts.</summary>
    Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation);
}
