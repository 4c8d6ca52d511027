using System.Net;
using DeploymentOrchestrator.SecretsManagerEmulator.Operations;
using DeploymentOrchestrator.SecretsManagerEmulator.Sts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DeploymentOrchestrator.SecretsManagerEmulator;

/// <summary>
/// An AWS Secrets Manager on loopback for any AWS client: set its endpoint URL to <see cref="Endpoint"/>. It answers as much
/// of AWS STS as such a client needs, too. Secrets live in memory and are gone with the server; signatures are not verified.
/// </summary>
internal sealed class SecretsManagerServer : IAsyncDisposable
{
    /// <summary>The longest legal request is a 64 KiB value, base64 or JSON escaped (up to six bytes a byte), with its metadata.</summary>
    private const long MaxRequestBytes = 4 * 1024 * 1024;

    private readonly WebApplication web;
    private readonly GeneratedValues generated;

    private SecretsManagerServer(EmulatorOptions options)
    {
        generated = new GeneratedValues(options.RememberGenerated);
        web = Build(options.Port);
        var authorization = new Iam.Authorization(options.IamPolicy);
        var handler = new RequestHandler(
            new SecretStore(
                authorization,
                new(options.Quotas, options.TimeProvider),
                generated,
                new(options.ForceDeleteDelay, options.ReadAfterCreateLag),
                options.TimeProvider),
            new StsService(options.AccountId, authorization, options.TimeProvider),
            Faults,
            Calls,
            options.TimeProvider,
            web.Lifetime.ApplicationStopping);
        web.Run(handler.HandleAsync);
    }

    /// <summary><c>http://127.0.0.1:{port}</c>.</summary>
    public Uri Endpoint => new(web.Urls.Single());

    /// <summary>The log of calls.</summary>
    public EmulatorLog Calls { get; } = new();

    /// <summary>The faults to inject.</summary>
    public Faults Faults { get; } = new();

    /// <summary>
    /// Every value that GetRandomPassword has returned so far, in UTF-8; empty without
    /// <see cref="EmulatorOptions.RememberGenerated"/>.
    /// </summary>
    public IReadOnlyList<byte[]> Generated => generated.Snapshot();

    /// <summary>Starts a server of its own, with no secrets in it.</summary>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Cancels the start; it does not stop a started server.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SecretsManagerServer> StartAsync(EmulatorOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var server = new SecretsManagerServer(options);
        try
        {
            await server.web.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.web.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops listening and cuts the calls that are still running.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await web.StopAsync(now.Token);
        await web.DisposeAsync();
    }

    /// <summary>The empty builder reads no configuration file, environment variable or command line, and logs nothing.</summary>
    private static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        return builder.Build();
    }

    /// <summary>Replaces the default, which would handle Ctrl+C and SIGTERM instead of the program that embeds the server.</summary>
    private sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
