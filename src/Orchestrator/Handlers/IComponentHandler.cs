using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers;

/// <summary>
/// Does the work of one component type. Level-triggered and idempotent: it is called at any time, any number of times, by one caller per Component at a time,
/// and compares the config, its own last outputs and the real state each time. It may be killed at any moment and is then called again.
/// </summary>
public interface IComponentHandler
{
    /// <summary>The name in <c>spec.handler</c> and an entry's <c>type</c>: a DNS label. Unique; a duplicate fails at start.</summary>
    string Name { get; }

    /// <summary>What is known of its config without calling it, for resolving references; <see cref="ConfigSchema.Unknown"/> for nothing.</summary>
    ConfigSchema Schema { get; }

    /// <summary>
    /// Reports all problems of a config at once. Pure: nothing is called. Strings may still hold references to other components; <see cref="Apply"/> gets
    /// them resolved and checks their values.
    /// </summary>
    IReadOnlyList<Problem> Validate(JsonObject config);

    /// <summary>Brings the external state to the desired one. Throws only on cancellation; failures are returned.</summary>
    Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation);

    /// <summary>Deletes what <see cref="Apply"/> created. Must work with any config: if it is invalid, what was last applied counts.</summary>
    Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation);
}
