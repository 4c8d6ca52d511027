using System.Text.Json.Nodes;
using System.Threading.Channels;
using DeploymentOrchestrator.Tests.Resources;
using DeploymentOrchestrator.Tests.SecretsManager;
using Microsoft.AspNetCore.Http;

namespace DeploymentOrchestrator.Tests.Kubernetes;

/// <summary>
/// Simulates an API server that serves <c>v1/ConfigMap</c> as an aggregated API may: with resourceVersions that are not numbers. The test sets the list
/// and sends the watch's lines, verbatim.
/// </summary>
internal sealed class AggregatedApi : IAsyncDisposable
{
    private const string Discovery = """{"kind":"APIResourceList","resources":[{"name":"configmaps","namespaced":true,"kind":"ConfigMap"}]}""";

    private readonly Channel<string> from = Channel.CreateUnbounded<string>();
    private Channel<string> lines = Channel.CreateUnbounded<string>();
    private ScriptedServer? server;

    public Uri Endpoint => server!.Endpoint;

    /// <summary>The answer to a list.</summary>
    public string Listed { get; set; } = """{"metadata":{"resourceVersion":"rev-1"},"items":[]}""";

    public static async Task<AggregatedApi> Start()
    {
        var api = new AggregatedApi();
        api.server = await ScriptedServer.Start(async (context, _) => await api.Answer(context));
        return api;
    }

    /// <summary>The version from which the next watch starts.</summary>
    public Task<string> NextWatch() => from.Next();

    public void Send(string type, string name, string version) => Send(new JsonObject
    {
        ["type"] = type,
        ["object"] = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "x", ["resourceVersion"] = version },
        },
    }.ToJsonString());

    public void Send(string line) => lines.Writer.TryWrite(line);

    /// <summary>The server ends the watch.</summary>
    public void End()
    {
        var ended = lines;
        lines = Channel.CreateUnbounded<string>();
        ended.Writer.Complete();
    }

    public ValueTask DisposeAsync() => server!.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        if (context.Request.Path == "/api/v1")
        {
            await context.Response.WriteAsync(Discovery);
        }
        else if (!context.Request.Query.ContainsKey("watch"))
        {
            await context.Response.WriteAsync(Listed);
        }
        else
        {
            var told = lines.Reader;
            from.Writer.TryWrite(context.Request.Query["resourceVersion"].ToString());
            await foreach (var line in told.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(line + "\n");
                await context.Response.Body.FlushAsync();
            }
        }
    }
}
