using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

/// <summary>Calls the handler of one Component and keeps its status as the controller would, through JSON.</summary>
public sealed class HandledComponent(IComponentHandler handler, JsonObject config)
{
    public const string Namespace = "apps";
    public const string Name = "thing";

    private static readonly ApiJson Json = ApiJson.Default;

    public JsonObject Config { get; set; } = config;

    public ComponentStatus? Status { get; private set; }

    /// <summary>How often the handler saved state before a side effect.</summary>
    public int Remembered { get; private set; }

    public async Task<HandlerAnswer> Apply(CancellationToken? cancellation = null) =>
        Keep(await handler.Apply(Request(), cancellation ?? TestContext.Current.CancellationToken));

    public async Task<HandlerAnswer> Delete(CancellationToken? cancellation = null) =>
        Keep(await handler.Delete(Request(), cancellation ?? TestContext.Current.CancellationToken));

    /// <summary>An apply whose answer is lost: only the saved state is kept.</summary>
    public Task<HandlerAnswer> ApplyAndLoseTheAnswer() => handler.Apply(Request(), TestContext.Current.CancellationToken);

    public void ForgetStatus() => Status = null;

    public HandlerRequest Request()
    {
        var component = new Component
        {
            Metadata = new() { Namespace = Namespace, Name = Name, Uid = "0c7a1a52-5d0c-4a4c-8f9e-0d1c9a3b7e11", Generation = 1 },
            Spec = new() { Handler = handler.Name, Config = (JsonObject)Config.DeepClone() },
            Status = Status,
        };
        return new()
        {
            Component = ThroughJson(component),
            Config = (JsonObject)Config.DeepClone(),
            Remember = (applied, _) =>
            {
                Remembered++;
                Status = (Status ?? new()) with { Applied = (JsonObject)applied.DeepClone() };
                return Task.CompletedTask;
            },
        };
    }

    private static Component ThroughJson(Component component) =>
        JsonSerializer.Deserialize(JsonSerializer.Serialize(component, Json.Component), Json.Component)!;

    private HandlerAnswer Keep(HandlerAnswer answer)
    {
        Status = (Status ?? new()) with
        {
            ProviderStatus = answer.ProviderStatus ?? Status?.ProviderStatus,
            Applied = answer.Applied ?? Status?.Applied,
            Conditions = answer.Conditions,
            Message = answer.Message,
        };
        return answer;
    }
}
