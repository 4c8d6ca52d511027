using System.CommandLine;
using System.Net;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch operator</c></summary>
internal sealed class OperatorCommand : ExplainedCommand
{
    /// <summary>The command.</summary>
    public OperatorCommand(CommandContext context)
        : base(context, "operator", "Run the controllers on a Kubernetes cluster until SIGTERM. Of several replicas, one leads.")
    {
        var kubeconfig = With(Parameters.Kubeconfig());
        var cluster = With(Parameters.Context());
        var scope = With(new Option<string?>("--namespace") { Description = "Work in this namespace only (default: in all)", HelpName = "name" });
        var clusterId = With(Parameters.ClusterId(
            "The owner of the secrets in AWS. With the same id a rebuilt cluster keeps its secrets (default: the uid of the namespace kube-system)"));
        var former = With(Parameters.FormerClusterIds());
        var quotaShare = With(Parameters.QuotaShare("The share of AWS's request quotas to use at most"));
        var workers = With(Parameters.Number(
            "--workers", "number", "How many Components to reconcile at once, 1-1000", "be a number, 1-1000", 1, 1000, 16));
        var listen = With(Parameters.Value<IPEndPoint>(
            "--listen", "address:port", "Where to serve /healthz, /readyz and /metrics; port 0 picks a free one",
            "be an address and a port such as 0.0.0.0:8080", ReadEndpoint, () => new(IPAddress.Loopback, 8080)));
        var leaseNamespace = With(new Option<string?>("--lease-namespace")
        {
            Description = "The namespace of the Lease by which the replicas elect a leader (default: POD_NAMESPACE, then deployment-orchestrator)",
            HelpName = "name",
        });
        var rights = new RightsOptions(this);

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

    public override IReadOnlyList<string> Examples =>
    [
        "dorch operator",
        "dorch operator --kubeconfig ~/.kube/dev --namespace myapp --listen 127.0.0.1:8080",
        "dorch operator --default-service-account deployer --config-reader-namespaces shared",
        "dorch operator --cluster-id prod-eu --quota-share 0.25 --listen 0.0.0.0:8080",
    ];

    private static bool ReadEndpoint(string text, out IPEndPoint endpoint)
    {
        var isEndpoint = IPEndPoint.TryParse(text, out var read) && text.Contains(':', StringComparison.Ordinal);
        endpoint = read ?? new(IPAddress.Loopback, 0);
        return isEndpoint;
    }
}
