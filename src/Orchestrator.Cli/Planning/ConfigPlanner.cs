using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.ConfigReader;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>config-reader itself, which only reads, on the resources as they would be.</summary>
internal sealed class ConfigPlanner(PlannedWorld world, PlanNotes notes) : IComponentHandler
{
    private readonly ConfigReaderHandler reader = new(new TrialStore(world), OperatorRights.Everything);

    /// <inheritdoc/>
    public string Name => reader.Name;

    /// <inheritdoc/>
    public ConfigSchema Schema => reader.Schema;

    /// <inheritdoc/>
    public IReadOnlyList<Problem> Validate(JsonObject config) => reader.Validate(config);

    /// <inheritdoc/>
    public async Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation)
    {
        var answer = await reader.Apply(request, cancellation);
        notes.Set(request.Component, isDeletion: false, [.. PlanNotes.OfAnswer(request.Component, "values", answer)]);
        // What was read may be the cluster's, whose versions are no versions of the memory that is followed.
        return answer with { Watches = [.. answer.Watches.Select(w => w with { SeenVersion = null })] };
    }

    /// <inheritdoc/>
    public Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation) => reader.Delete(request, cancellation);
}
