using System.CommandLine;
using System.Net;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Policies;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch operator</c></summary>
internal sealed class OperatorCommand : ExplainedCommand
{
    public OperatorCommand(CommandContext context)
        : base(context, "operator", "Run the controllers on a Kubernetes cluster until SIGTERM. Of several replicas, one leads.")
    {
        var cluster = new ClusterOptions(this);
        var scope = With(Parameters.Namespace("--namespace", "Work in this namespace only (default: in all)"));
        var clusterId = With(Parameters.ClusterId(
            "The owner of the secrets in AWS. With the same id a rebuilt cluster keeps its secrets (default: the uid of the namespace kube-system)"));
        var former = With(Parameters.FormerClusterIds());
        var quotaShare = With(Parameters.QuotaShare("The share of AWS's request quotas to use at most"));
        var workers = With(Parameters.Number("--workers", "number", "How many Components to reconcile at once, 1-1000", "be a number, 1-1000", 1, 1000, 16));
        var listen = With(Parameters.Value<IPEndPoint>(
            "--listen", "address:port", "Where to serve /healthz, /readyz and /metrics; port 0 picks a free one",
            "be an IP address and a port such as 0.0.0.0:8080",
            (text, out endpoint) => IPEndPoint.TryParse(text, out endpoint!) && text.Contains(':', StringComparison.Ordinal),
            () => new(IPAddress.Loopback, 8080)));
        var leaseNamespace = With(Parameters.Namespace("--lease-namespace",
            "The namespace of the Lease by which the replicas elect a leader (default: POD_NAMESPACE, then deployment-orchestrator)"));
        var rights = new RightsOptions(this);
        var requirePolicy = With(Parameters.RequirePolicy("Push no secret for a namespace that no SecretPolicy selects"));
        var tenantRole = With(Parameters.Text(
            "--tenant-role", "arn", "Push with this role if a Component names none, with a session for each namespace (default: as the operator)",
            "be an IAM role's ARN such as arn:aws:iam::123456789012:role/dorch-tenants", AwsForms.Role.Value.IsMatch));

        SetAction((parsed, cancellation) => new OperatorRun(context, new(
            parsed.GetValue(cluster.Kubeconfig), parsed.GetValue(cluster.Context), parsed.GetValue(scope),
            parsed.GetValue(clusterId), parsed.GetRequiredValue(former), parsed.GetValue(quotaShare), parsed.GetValue(workers), parsed.GetRequiredValue(listen),
            parsed.GetValue(leaseNamespace) ?? Environment.GetEnvironmentVariable("POD_NAMESPACE") ?? "deployment-orchestrator",
            rights.Of(parsed),
            $"{Environment.GetEnvironmentVariable("POD_NAME") ?? Environment.MachineName}_{Guid.CreateVersion7(context.Time.GetUtcNow())}")
        {
            TenantRole = parsed.GetValue(tenantRole),
            RequiresPolicy = parsed.GetValue(requirePolicy),
        })
            .Run(cancellation));
    }

    public override IReadOnlyList<string> Examples =>
    [
        "dorch operator",
        "dorch operator --kubeconfig ~/.kube/dev --namespace myapp --listen 127.0.0.1:8080",
        "dorch operator --default-service-account deployer --config-reader-namespaces shared",
        "dorch operator --unreadable-kinds Login.example.com,*.auth.example.com",
        "dorch operator --cluster-id prod-eu --quota-share 0.25 --listen 0.0.0.0:8080",
    ];
}

/// <summary>The operator's rights that Components may use.</summary>
internal sealed class RightsOptions
{
    private const string Cluster = "cluster";

    private readonly Option<string?> serviceAccount = Parameters.Text(
        "--default-service-account", "name",
        "Apply manifests without serviceAccountName, and read objects other than ConfigMaps, as this ServiceAccount of the Component's namespace "
            + "(default: as the operator)",
        "be the name of a ServiceAccount, without a namespace", DnsName.IsSubdomain);

    private readonly Option<string> scope = Parameters.Choice(
        "--manifest-scope",
        "Where manifests without serviceAccountName may create objects: in the Component's namespace, or in the whole cluster (default namespace)",
        ("namespace", "namespace"), (Cluster, Cluster));

    private readonly Option<string[]> configReaderNamespaces = Parameters.Values<string>(
        "--config-reader-namespaces", "names",
        "Namespaces whose ConfigMaps config-reader may read besides the Component's own, separated by commas (default: none)",
        "be names of namespaces separated by commas, such as shared,platform", (text, out name) => DnsName.IsLabel(name = text), ',');

    private readonly Option<UnreadableKind[]> unreadableKinds = Parameters.Values<UnreadableKind>(
        UnreadableKind.Option, "kinds",
        "Kinds that no output may be read from, besides those known to hold secrets: Kind.group, *.group or a kind of every group, "
            + "separated by commas (default: none)",
        "be kinds separated by commas, such as Login.example.com,*.auth.example.com",
        (text, out kind) => (kind = UnreadableKind.Parse(text)!) is not null, ',');

    public RightsOptions(Command command)
    {
        foreach (var option in (Option[])[serviceAccount, scope, configReaderNamespaces, unreadableKinds])
            command.Options.Add(option);
        command.Excludes(serviceAccount, scope, "with a default ServiceAccount, no manifest uses the operator's own rights");
    }

    public OperatorRights Of(ParseResult parsed) => new()
    {
        DefaultServiceAccount = parsed.GetValue(serviceAccount),
        AppliesEverywhere = parsed.GetValue(scope) == Cluster,
        ReadableNamespaces = parsed.GetRequiredValue(configReaderNamespaces).ToHashSet(StringComparer.Ordinal),
        Unreadable = UnreadableKinds.Known.And(parsed.GetRequiredValue(unreadableKinds)),
    };
}
