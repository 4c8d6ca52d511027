using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;
using k8s.Authentication;
using k8s.Exceptions;
using KubernetesClient = k8s.Kubernetes;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>One call of the API server.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path and query, without a leading slash.</param>
/// <param name="Body">The request body.</param>
/// <param name="ContentType">The type of the body.</param>
/// <param name="As">The account to impersonate; null for none.</param>
/// <param name="Accept">The accepted types of the answer.</param>
internal sealed record ApiCall(
    HttpMethod Method, string Path, JsonObject? Body = null, string ContentType = ApiCall.Json, ServiceAccount? As = null, string Accept = ApiCall.Json)
{
    /// <summary>JSON.</summary>
    public const string Json = "application/json";

    /// <inheritdoc/>
    public override string ToString() => $"{Method} /{Path}";
}

/// <summary>
/// Calls an API server in JSON. The Kubernetes client provides configuration, credentials, TLS and the connection. Every failure but the caller's own
/// cancellation is a <see cref="ResourceException"/>.
/// </summary>
internal sealed class ApiServer : IDisposable
{
    private readonly ClusterAccess access;
    private readonly KubernetesStoreOptions options;
    private readonly TimeProvider time;
    private readonly KubernetesClient client;
    private readonly Lock gate = new();
    private SocketsHttpHandler? handler;
    private ServiceClientCredentials? credentials;

    public ApiServer(ClusterAccess access, KubernetesStoreOptions options, TimeProvider time)
    {
        (this.access, this.options, this.time) = (access, options, time);
        var configuration = access.Read();
        configuration.FirstMessageHandlerSetup = Configure;
        client = access.Use(() => new KubernetesClient(configuration));
        credentials = client.Credentials;
    }

    /// <summary>Returns the answer, one JSON object.</summary>
    public Task<JsonObject> Send(ApiCall call, CancellationToken cancellation) => Receive(
        call,
        async (body, either) => await JsonSerializer.DeserializeAsync(body, WireJson.Object, either) ?? throw new JsonException("the answer is null"),
        cancellation);

    /// <summary>Reads the answer to its end.</summary>
    public Task<T> Receive<T>(ApiCall call, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation) => InTime(
        call,
        async either =>
        {
            using var response = await Respond(call, either);
            await using var body = await response.Content.ReadAsStreamAsync(either);
            return await read(body, either);
        },
        cancellation);

    /// <summary>A streaming response: the headers have arrived, the caller reads the body.</summary>
    public Task<HttpResponseMessage> Open(ApiCall call, CancellationToken cancellation) => InTime(call, either => Respond(call, either), cancellation);

    /// <summary>Whether the exception means that a connection broke, when opened or in the middle of an answer.</summary>
    public static bool IsBroken(Exception e) => e is HttpRequestException or IOException or JsonException;

    /// <inheritdoc/>
    public void Dispose()
    {
        client.Dispose();
        // The client leaves its connections open.
        handler?.Dispose();
    }

    private async Task<T> InTime<T>(ApiCall call, Func<CancellationToken, Task<T>> answer, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            return await answer(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw Unavailable(call, $"no answer within {options.RequestTimeout.TotalSeconds:0} s", e);
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw Unavailable(call, Text(e), e);
        }
    }

    // Only the inner exception says what is wrong with a certificate.
    private static string Text(Exception e) => e.InnerException is AuthenticationException inner
        ? $"{e.Message.Replace(", see inner exception.", "", StringComparison.Ordinal)}: {inner.Message}" : e.Message;

    private async Task<HttpResponseMessage> Respond(ApiCall call, CancellationToken cancellation)
    {
        var used = Volatile.Read(ref credentials);
        var response = await Try(call, used, cancellation);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            // The token was replaced, or an exec plugin's token is no longer accepted.
            response.Dispose();
            response = await Try(call, ReloadCredentials(call, used), cancellation);
        }

        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw ApiStatus.Failure(call.ToString(), response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation));
    }

    private ServiceClientCredentials? ReloadCredentials(ApiCall call, ServiceClientCredentials? used)
    {
        lock (gate)
        {
            try
            {
                if (credentials == used)
                    Volatile.Write(ref credentials, KubernetesClient.CreateCredentials(access.Read()));
                return credentials;
            }
            catch (ResourceException e)
            {
                throw NoCredentials(call, e);
            }
        }
    }

    private async Task<HttpResponseMessage> Try(ApiCall call, ServiceClientCredentials? with, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(call.Method, new Uri(client.BaseUri, call.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Add("Accept", call.Accept);
        request.Headers.UserAgent.Add(new("dorch", ProductVersion.Text));
        // The server adds the groups of ServiceAccounts itself: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation.
        if (call.As is { } account)
            request.Headers.Add("Impersonate-User", account.User);
        if (call.Body is not null)
        {
            request.Content = new ReadOnlyMemoryContent(WireJson.Bytes(call.Body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(call.ContentType);
        }

        try
        {
            await (with?.ProcessHttpRequestAsync(request, cancellation) ?? Task.CompletedTask);
        }
        catch (Exception e) when (e is KubeConfigException or IOException or UnauthorizedAccessException)
        {
            throw NoCredentials(call, e);
        }

        var status = 0;
        try
        {
            var response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            status = (int)response.StatusCode;
            return response;
        }
        finally
        {
            Telemetry.ApiCalled(call.Method.Method, status);
        }
    }

    private void Configure(SocketsHttpHandler handler)
    {
        this.handler = handler;
        handler.AllowAutoRedirect = false;
        handler.ConnectTimeout = options.PingAfter;
        handler.EnableMultipleHttp2Connections = true;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.KeepAlivePingDelay = options.PingAfter;
        handler.KeepAlivePingTimeout = options.PingAfter;
    }

    private static ResourceException NoCredentials(ApiCall call, Exception e) =>
        new(ResourceError.Forbidden, $"{call}: no credentials: {e.Message}", inner: e);

    private static ResourceException Unavailable(ApiCall call, string why, Exception? inner = null) =>
        new(ResourceError.Unavailable, $"{call}: {why}", inner: inner);
}
