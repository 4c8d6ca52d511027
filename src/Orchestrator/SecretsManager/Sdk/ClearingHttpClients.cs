using System.Net;
using Amazon.Runtime;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>The AWS SDK's own HTTP client, except that its connections keep no body: see <see cref="ClearingStream"/>.</summary>
internal sealed class ClearingHttpClients : HttpClientFactory
{
    /// <summary>Stateless.</summary>
    public static ClearingHttpClients Instance { get; } = new();

    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = clientConfig.AllowAutoRedirect,
            AutomaticDecompression = DecompressionMethods.None,
            // ClearingStream needs HTTP/1.1. Requests ask for it, so HTTP/2 is never negotiated.
            PlaintextStreamFilter = (context, _) => ValueTask.FromResult(
                context.NegotiatedHttpVersion.Major > 1 ? context.PlaintextStream : new ClearingStream(context.PlaintextStream)),
        };
        if (clientConfig.ConnectTimeout is { } connecting)
            handler.ConnectTimeout = connecting;
        // Without a configured proxy, the handler uses HTTPS_PROXY and the like.
        if (clientConfig.GetWebProxy() is { } proxy)
            handler.Proxy = proxy;
        if (handler.Proxy is { } ours && clientConfig.ProxyCredentials is { } credentials)
            ours.Credentials = credentials;
        var client = new HttpClient(handler);
        if (clientConfig.Timeout is { } timeout)
            client.Timeout = timeout;
        return client;
    }

    // All clients of Secrets Manager are configured alike, and share their connections.
    public override string GetConfigUniqueString(IClientConfig clientConfig) => nameof(ClearingHttpClients);
}
