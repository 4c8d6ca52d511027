using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>A web server that a test scripts, for answers that no Secrets Manager gives on demand.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private ScriptedServer(WebApplication app) => this.app = app;

    public Uri Endpoint => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public ConcurrentQueue<ReceivedCall> Calls { get; } = [];

    public static async Task<ScriptedServer> Start(Func<HttpContext, int, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var built = builder.Build();
        built.Urls.Add("http://127.0.0.1:0");
        var server = new ScriptedServer(built);
        built.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers;
            server.Calls.Enqueue(new ReceivedCall(
                context.Request.Method,
                headers["X-Amz-Target"].ToString(),
                headers.ContentType.ToString(),
                headers.Authorization.ToString(),
                await reader.ReadToEndAsync()));
            await answer(context, server.Calls.Count);
        });
        await built.StartAsync();
        return server;
    }

    /// <summary>The same answer each time.</summary>
    public static Task<ScriptedServer> Answering(int status, string body, params (string Name, string Value)[] headers) => Start(async (context, _) =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        await context.Response.WriteAsync(body);
    });

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}

internal sealed record ReceivedCall(string Method, string Target, string ContentType, string Authorization, string Body);
