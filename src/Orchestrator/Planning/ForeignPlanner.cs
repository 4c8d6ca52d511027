using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Planning;

/// <summary>Replaces an external handler: it knows the cluster's status while the Component is Ready, and otherwise nothing.</summary>
internal sealed class ForeignPlanner(string name) : IComponentHandler
{
    // A plan has no time: it ends when nothing changes any more.
    private static readonly TimeSpan Later = TimeSpan.FromHours(1);

    public string Name => name;

    public ConfigSchema Schema => ConfigSchema.Unknown;

    public IReadOnlyList<Problem> Validate(JsonObject config) => [];

    public Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation) => Task.FromResult<HandlerAnswer>(
        request.Component.IsReady()
            ? new HandlerAnswer.Done { Message = request.Component.Status!.Message, Conditions = request.Component.Status.Conditions ?? [] }
            : new HandlerAnswer.InProgress(Later) { Message = $"the outputs of handler {name} are not known yet" });

    public Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation) => Task.FromResult<HandlerAnswer>(new HandlerAnswer.Done());
}
