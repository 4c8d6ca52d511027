using DeploymentOrchestrator.Cli.Operating;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>One run of <c>dorch operator</c>: finds the cluster, seeks to lead, and works while it does.</summary>
internal sealed class OperatorRun(CommandContext context, OperatorSettings settings)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    /// <summary>Runs until stopped and returns the exit code: 0 after a stop signal.</summary>
    public async Task<int> Run(CancellationToken stop)
    {
        using var logging = OperatorLogging.Create();
        var log = logging.CreateLogger("DeploymentOrchestrator.Operator");
        if (CoreDumps.Forbid() is not 0 and var error)
            OperatorLog.CoreDumpsAllowed(log, error);
        try
        {
            var access = ClusterAccess.Default(settings.Kubeconfig, settings.Context, Environment.GetEnvironmentVariable);
            using var store = new KubernetesResourceStore(access, context.Time, logging.CreateLogger("DeploymentOrchestrator.Kubernetes"));
            var election = new LeaderElection(
                store, new(settings.LeaseNamespace, settings.LeaseName), settings.Identity, new(), context.Time, Random.Shared.NextDouble,
                logging.CreateLogger("DeploymentOrchestrator.LeaderElection"));
            var work = new LeaderWork(settings, context.Aws, store, election, context.Time, logging);
            await using var http = await OperatorEndpoints.Start(settings.Listen, election, work, logging);
            OperatorLog.Started(log, settings.Identity, settings.Namespace ?? "all namespaces", http.Address);

            var clusterId = settings.ClusterId ?? await ClusterId(store, log, stop);
            await election.Run(lost => work.Lead(clusterId, stop, lost), stop);
            OperatorLog.Stopped(log);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            OperatorLog.Stopped(log);
            return ExitCode.Done;
        }
        catch (ResourceException e) when (e.Error == ResourceError.Invalid)
        {
            await context.Terminal.Error.WriteLineAsync($"dorch: {e.Message}");
            return ExitCode.Invalid;
        }
        catch (IOException e)
        {
            await context.Terminal.Error.WriteLineAsync(
                $"dorch: cannot listen on {settings.Listen}: {e.Message.TrimEnd('.')}; choose another address with --listen");
            return ExitCode.Failed;
        }
    }

    private async Task<string> ClusterId(KubernetesResourceStore store, ILogger log, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await ClusterConnection.IdOf(store, stop);
            }
            catch (ResourceException e) when (e.Error != ResourceError.Invalid)
            {
                OperatorLog.NoClusterId(log, e.Message);
            }

            await Task.Delay(RetryInterval, context.Time, stop);
        }
    }
}
