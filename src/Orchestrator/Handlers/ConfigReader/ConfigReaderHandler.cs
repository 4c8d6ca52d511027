using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.ConfigReader;

/// <summary>
/// The handler <c>config-reader</c>: reads values of ConfigMaps and fields of other objects and returns them as outputs, one flat map. It watches the objects
/// and writes nothing, so there is nothing to delete.
/// </summary>
/// <param name="store">The store of the objects.</param>
/// <param name="rights">The account of a Component without a ServiceAccount, and the ConfigMaps that it may read outside its namespace.</param>
/// <param name="standIn">A value for an output that the object does not have; null without such values.</param>
/// <param name="hasNoControllers">Whether no controllers run that would fill in a field.</param>
/// <param name="collected">Receives the outputs of each run, for a plan; null otherwise.</param>
internal sealed class ConfigReaderHandler(
    IResourceStore store, OperatorRights rights, Func<Component, string, JsonNode?>? standIn = null, bool hasNoControllers = false,
    Action<FieldOutputs>? collected = null) : IComponentHandler
{
    /// <inheritdoc/>
    public string Name => HandlerNames.ConfigReader;

    /// <inheritdoc/>
    public ConfigSchema Schema => ConfigReaderSchema.Instance;

    /// <inheritdoc/>
    public IReadOnlyList<Problem> Validate(JsonObject config)
    {
        var problems = new List<Problem>();
        ConfigReaderConfig.Read(config, problems);
        return problems;
    }

    /// <inheritdoc/>
    public async Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var problems = new List<Problem>();
        var config = ConfigReaderConfig.Read(request.Config, problems);
        if (config.HasReferences)
            problems.Add(new("sources", "apiVersion, kind, name, namespace, key, path, as and serviceAccountName must be values, not references"));
        return problems.Count > 0
            ? new HandlerAnswer.Failed(FailureKind.InvalidConfig, problems)
            : await new ConfigReading(
                SourceAccess.Of(store, rights, request, config), request, config, name => standIn?.Invoke(request.Component, name), hasNoControllers, collected)
                .Run(cancellation);
    }

    /// <inheritdoc/>
    public Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult<HandlerAnswer>(new HandlerAnswer.Done());
    }
}
