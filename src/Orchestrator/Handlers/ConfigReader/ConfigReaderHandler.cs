using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.ConfigReader;

/// <summary>
/// The handler <c>config-reader</c>: reads values of ConfigMaps and gives them as outputs, one flat map. It follows the ConfigMaps' changes and
/// writes nothing, so there is nothing to delete.
/// </summary>
/// <param name="store">Where the ConfigMaps are.</param>
/// <param name="rights">Which namespaces may be read from beside a Component's own.</param>
internal sealed class ConfigReaderHandler(IResourceStore store, OperatorRights rights) : IComponentHandler
{
    // The watch notices a change sooner.
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(10);

    /// <summary>The handler's name.</summary>
    public const string HandlerName = HandlerNames.ConfigReader;

    /// <inheritdoc/>
    public string Name => HandlerName;

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
            problems.Add(new("sources", "a name, namespace or key must be a value, not a reference"));
        if (problems.Count > 0)
            return new HandlerAnswer.Failed(FailureKind.InvalidConfig, problems);

        var own = request.Component.Metadata.Namespace ?? "";
        var refused =
            config.Sources.Where(s => s.Namespace is { } other && other != own && !rights.ReadsEverywhere && !rights.ReadableNamespaces.Contains(other))
            .ToList();

        // Denied and not InvalidConfig: the operator's settings can heal it without an edit.
        if (refused.Count > 0)
        {
            return new HandlerAnswer.Failed(FailureKind.Denied, [.. refused.Select(s => new Problem($"{s.Path}.namespace",
                $"\"{s.Namespace}\" is not this Component's namespace \"{own}\": put the ConfigMap there, or have the operator run with "
                    + $"--config-reader-namespaces {s.Namespace}"))]);
        }

        var versions = new Dictionary<ObjectKey, string?>();
        return await Read(config.Sources, own, versions, cancellation) with
        {
            Watches =
                [.. config.Sources.Select(s => s.KeyIn(own)).Distinct()
                .Select(k => new WatchedResource(ResourceType.ConfigMap, k, versions.GetValueOrDefault(k)))],
        };
    }

    /// <inheritdoc/>
    public Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult<HandlerAnswer>(new HandlerAnswer.Done());
    }

    private async Task<HandlerAnswer> Read(
        IReadOnlyList<ConfigSource> sources, string own, Dictionary<ObjectKey, string?> versions, CancellationToken cancellation)
    {
        var outputs = new JsonObject();
        var missing = new List<ObjectKey>();
        var problems = new List<Problem>();
        foreach (var source in sources)
        {
            var key = source.KeyIn(own);
            JsonObject? found;
            try
            {
                found = await store.Get(ResourceType.ConfigMap, key, cancellation);
            }
            catch (ResourceException e)
            {
                return StoreFailure.Answer(e, $"read ConfigMap {key}");
            }

            // Two sources of one ConfigMap: the older look counts, as the outputs have it too.
            versions.TryAdd(key, (string?)found?["metadata"]?["resourceVersion"] ?? "0");
            if (found is null)
                missing.Add(key);
            else
                ConfigMapValues.Export(found, source, outputs, problems);
        }

        // Conflict and not InProgress: a ConfigMap that is there without the key is most likely a typing error, to be reported now and not when the
        // deployment timeout is over. Nor InvalidConfig: the ConfigMap may be the one that is wrong, and its change must count.
        if (problems.Count > 0)
            return new HandlerAnswer.Failed(FailureKind.Conflict, problems);
        if (missing.Count > 0)
            return new HandlerAnswer.InProgress(Recheck) { Message = MessageText.Limit($"waits for ConfigMap {string.Join(" and ", missing.Distinct())}") };

        // Braces and commas: one more than there are outputs; each has a colon.
        var bytes = 1 + outputs.Sum(output => JsonSize.Of(output.Key) + JsonSize.Of((string)output.Value!) + 2);
        if (bytes > FieldOutputs.MaxBytes)
        {
            return new HandlerAnswer.Failed(FailureKind.Conflict,
                $"the outputs have {bytes} bytes, and at most {FieldOutputs.MaxBytes} fit into the status: export fewer or smaller values");
        }

        var values = outputs.Count == 1 ? "1 value" : $"{outputs.Count} values";
        return new HandlerAnswer.Done(Recheck) { ProviderStatus = outputs, Message = $"Read {values}" };
    }
}
