using System.CommandLine;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch plan PATH…</c></summary>
internal sealed class PlanCommand : ExplainedCommand
{
    /// <summary>The command.</summary>
    public PlanCommand(CommandContext context)
        : base(context, "plan",
            "Show what `dorch up` or `kubectl apply` of the files would create, update, restore, delete or leave, and why. Writes and generates nothing.")
    {
        const string WithoutThem = "without them nothing is queried";
        var paths = With(Parameters.Paths());
        var aws = With(new Option<bool>("--aws")
        {
            Description = "Compare with the secrets in AWS, with the standard environment variables and profiles; needs --cluster-id, or --cluster",
        });
        var cluster = With(new Option<bool>("--cluster") { Description = "Compare with a cluster, as kubectl apply would change it" });
        var kubeconfig = With(Parameters.Kubeconfig());
        var kubeconfigContext = With(Parameters.Context());
        var clusterId = With(Parameters.ClusterId("The owner of the secrets in AWS (default with --cluster: the uid of the namespace kube-system)"));
        var former = With(Parameters.FormerClusterIds());
        var quotaShare = With(Parameters.QuotaShare("With --aws: the share of AWS's request quotas to use at most"));
        var output = With(Parameters.Output("Print a table, or the plan as one object (default table)"));
        this.Needs(kubeconfig, "without it no cluster is queried", cluster);
        this.Needs(kubeconfigContext, "without it no cluster is queried", cluster);
        this.Needs(quotaShare, "without it AWS is not called", aws);
        this.Needs(aws, Parameters.WhyClusterId, clusterId, cluster);
        this.Needs(clusterId, WithoutThem, aws, cluster);
        this.Needs(former, WithoutThem, aws, cluster);

        Runs((parsed, cancellation) => new PlanRun(context)
        {
            Source = new(parsed.GetRequiredValue(paths), context.Input),
            IsAws = parsed.GetValue(aws),
            IsCluster = parsed.GetValue(cluster),
            Kubeconfig = parsed.GetValue(kubeconfig),
            KubeconfigContext = parsed.GetValue(kubeconfigContext),
            ClusterId = parsed.GetValue(clusterId),
            FormerClusterIds = parsed.GetRequiredValue(former),
            QuotaShare = parsed.GetValue(quotaShare),
            Format = parsed.GetValue(output),
        }.Run(cancellation));
    }

    public override IReadOnlyList<string> Examples =>
    [
        "dorch plan examples/myapp",
        "AWS_PROFILE=dev dorch plan examples/myapp --aws --cluster-id laptop-of-ada",
        "dorch plan examples/myapp --cluster --aws -o json",
    ];
}
