using System.Collections.Concurrent;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>Parses the specs of Compositions, each once for a generation. One caller at a time for a key.</summary>
internal sealed class CompositionSpecs(HandlerRegistry handlers)
{
    private readonly ConcurrentDictionary<ObjectKey, ParsedSpec> specs = new();

    /// <summary>The parsed spec of a whole Composition.</summary>
    /// <param name="composition">The Composition.</param>
    /// <param name="history">The informer's history: generations compare within one.</param>
    public ParsedSpec Of(Composition composition, int history)
    {
        var (key, uid, generation) = (ObjectKey.Of(composition.Metadata), composition.Metadata.Uid!, composition.Metadata.Generation);
        if (specs.TryGetValue(key, out var known) && known.Uid == uid && known.Generation == generation && known.History == history)
            return known;
        var problems = CompositionReader.Validate(ApiJson.ToJson(composition, ApiJson.Default.Composition), handlers).Where(p => !p.IsWarning).ToList();
        var parsed = new ParsedSpec(uid, generation, history, problems, DesiredGraph.Of(composition, handlers.SchemaOf));
        // The JSON tree of a large one takes ten times the memory of its text: parse it again each time.
        if (((IResourceRecord)composition).Pack() > TrimmedComponent.LargeBytes)
            specs.TryRemove(key, out _);
        else
            specs[key] = parsed;
        return parsed;
    }

    /// <summary>Drops the spec of a Composition that is gone.</summary>
    public void Forget(ObjectKey key) => specs.TryRemove(key, out _);
}

/// <summary>The graph and the problems of one generation's spec; they do not depend on the children.</summary>
internal sealed record ParsedSpec(string Uid, long? Generation, int History, IReadOnlyList<Problem> Problems, DesiredGraph Graph);
