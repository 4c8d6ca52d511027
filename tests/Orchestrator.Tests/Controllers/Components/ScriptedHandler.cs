using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

/// <summary>
/// A handler that a test scripts. By default it is done at once and outputs the config's <c>outputs</c>. The only other key that it knows is <c>size</c>,
/// a whole number of 1-9.
/// </summary>
public sealed class ScriptedHandler(string name) : IComponentHandler
{
    private readonly ConcurrentQueue<string> calls = new();
    private int validations;

    public string Name => name;

    public ConfigSchema Schema => ConfigSchema.Unknown;

    public Func<HandlerRequest, CancellationToken, Task<HandlerAnswer>> OnApply { get; set; } = (request, _) => Task.FromResult<HandlerAnswer>(
        new HandlerAnswer.Done { ProviderStatus = request.Config["outputs"]?.DeepClone() as JsonObject ?? [], Message = "made" });

    public Func<HandlerRequest, CancellationToken, Task<HandlerAnswer>> OnDelete { get; set; } = (_, _) =>
        Task.FromResult<HandlerAnswer>(new HandlerAnswer.Done());

    /// <summary>Each call as <c>Apply name config</c> or <c>Delete name</c>.</summary>
    public IReadOnlyList<string> Calls => [.. calls];

    /// <summary>How often a config was validated.</summary>
    public int Validations => validations;

    /// <summary>Gives this answer to every apply from now on.</summary>
    public void Answer(HandlerAnswer answer) => OnApply = (_, _) => Task.FromResult(answer);

    public int Applied(string component) => calls.Count(c => c.StartsWith($"Apply {component} ", StringComparison.Ordinal));

    public IReadOnlyList<Problem> Validate(JsonObject config)
    {
        Interlocked.Increment(ref validations);
        var problems = new List<Problem>();
        var reader = new ObjectReader(config, "", problems);
        reader.Any("outputs");
        reader.Integer("size", 1, 9);
        reader.Any("with");
        reader.Close();
        return problems;
    }

    public Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation)
    {
        calls.Enqueue($"Apply {request.Component.Metadata.Name} {request.Config.ToJsonString(ApiJson.Compact)}");
        return OnApply(request, cancellation);
    }

    public Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation)
    {
        calls.Enqueue($"Delete {request.Component.Metadata.Name}");
        return OnDelete(request, cancellation);
    }
}
