using System.CommandLine;
using System.Globalization;
using System.Net;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch operator</c></summary>
internal sealed class OperatorCommand : ExplainedCommand
{
    /// <summary>The command.</summary>
    public OperatorCommand(CommandContext context)
        : base("operator", "Run the controllers on a Kubernetes cluster, with one leader of all replicas, until SIGTERM.")
    {
        var kubeconfig = Parameters.Kubeconfig();
        var cluster = Parameters.Context();
        var scope = new Option<string?>("--namespace") { Description = "Work in this namespace only (default: in all)", HelpName = "name" };
        var clusterId = Parameters.ClusterId(
            "Who this cluster is to AWS. A rebuilt cluster keeps its secrets by it (default: the uid of the namespace kube-system)");
        var former = Parameters.FormerClusterIds();
        var quotaShare = Parameters.QuotaShare("Which part of AWS's quotas of calls per second is used at most");
        var workers = new Option<int>("--workers")
        {
            Description = "How many Components are worked on at once, 1-1000 (default 16)",
            HelpName = "number",
            DefaultValueFactory = _ => 16,
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1000)
                    return number;
                result.AddError($"--workers must be a number, 1-1000, not \"{result.Tokens[0].Value}\"");
                return 0;
            },
        };
        var listen = new Option<IPEndPoint>("--listen")
        {
            Description = "Where /healthz, /readyz and /metrics are served; port 0 takes a free one (default 127.0.0.1:8080)",
            HelpName = "address:port",
            DefaultValueFactory = _ => new(IPAddress.Loopback, 8080),
            CustomParser = result =>
            {
                if (result.Tokens[0].Value.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(result.Tokens[0].Value, out var endpoint))
                    return endpoint;
                result.AddError($"--listen must be an address and a port such as 0.0.0.0:8080, not \"{result.Tokens[0].Value}\"");
                return null;
            },
        };
        var leaseNamespace = new Option<string?>("--lease-namespace")
        {
            Description = "Where the Lease is by which the replicas find their leader (default: POD_NAMESPACE, then deployment-orchestrator)",
            HelpName = "name",
        };
        var rights = new RightsOptions();
        foreach (var option in (Option[])[kubeconfig, cluster, scope, clusterId, former, quotaShare, workers, listen, leaseNamespace, .. rights.All])
            Options.Add(option);
        this.Excludes(rights.DefaultServiceAccount, rights.ManifestScope, "with a ServiceAccount for all manifests, none is applied by the operator's own rights");

        SetAction((parsed, cancellation) => new OperatorRun(context, new()
        {
            Kubeconfig = parsed.GetValue(kubeconfig),
            Context = parsed.GetValue(cluster),
            Namespace = parsed.GetValue(scope),
            ClusterId = parsed.GetValue(clusterId),
            FormerClusterIds = parsed.GetRequiredValue(former),
            QuotaShare = parsed.GetValue(quotaShare),
            Workers = parsed.GetValue(workers),
            Listen = parsed.GetRequiredValue(listen),
            LeaseNamespace = parsed.GetValue(leaseNamespace)
                ?? Environment.GetEnvironmentVariable("POD_NAMESPACE")
                ?? "deployment-orchestrator",
            Rights = rights.Of(parsed),
            Identity = $"{Environment.GetEnvironmentVariable("POD_NAME") ?? Environment.MachineName}_{Guid.CreateVersion7(context.Time.GetUtcNow())}",
        }).Run(cancellation));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "dorch operator",
        "dorch operator --kubeconfig ~/.kube/dev --namespace myapp --listen 127.0.0.1:8080",
        "dorch operator --default-service-account deployer --config-reader-namespaces shared",
        "dorch operator --cluster-id prod-eu --quota-share 0.25 --listen 0.0.0.0:8080",
    ];
}
