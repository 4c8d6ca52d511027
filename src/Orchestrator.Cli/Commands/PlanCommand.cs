using System.CommandLine;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch plan PATH…</c></summary>
internal sealed class PlanCommand : ExplainedCommand
{
    /// <summary>The command.</summary>
    public PlanCommand(CommandContext context)
        : base("plan", "Say what `up` or `kubectl apply` of the files would create, update, restore, delete or leave, and why. Nothing is written or generated.")
    {
        var paths = Parameters.Paths();
        var aws = new Option<bool>("--aws")
        {
            Description = "Look at the secrets in AWS, with the standard environment variables and profiles; needs --cluster-id, or --cluster",
        };
        var cluster = new Option<bool>("--cluster") { Description = "Compare with what is in a cluster, as kubectl apply would change it" };
        var kubeconfig = Parameters.Kubeconfig();
        var kubeconfigContext = Parameters.Context();
        var clusterId = Parameters.ClusterId("Who we are in AWS (default with --cluster: the uid of the namespace kube-system)");
        var former = Parameters.FormerClusterIds();
        var quotaShare = Parameters.QuotaShare("With --aws: which part of AWS's quotas of calls per second is used at most");
        var output = Parameters.Output("What the standard output gets: a table, or the plan for programs (default table)");
        Arguments.Add(paths);
        foreach (var option in (Option[])[aws, cluster, kubeconfig, kubeconfigContext, clusterId, former, quotaShare, output])
            Options.Add(option);
        this.Needs(kubeconfig, cluster, "without it no cluster is looked at");
        this.Needs(kubeconfigContext, cluster, "without it no cluster is looked at");
        this.Needs(quotaShare, aws, "without it nothing is called");
        Validators.Add(result =>
        {
            var (isAws, isCluster, hasId) = (result.GetResult(aws) is not null, result.GetResult(cluster) is not null, result.GetResult(clusterId) is not null);
            if (isAws && !isCluster && !hasId)
                result.AddError($"--aws needs --cluster-id or --cluster: {Parameters.WhyClusterId}");
            if (hasId && !isAws && !isCluster)
                result.AddError("--cluster-id needs --aws or --cluster: without them nothing is looked at");
            if (result.GetResult(former) is { Implicit: false } && !isAws && !isCluster)
                result.AddError("--former-cluster-id needs --aws or --cluster: without them nothing is looked at");
        });

        SetAction((parsed, cancellation) => new PlanRun(context)
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

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "dorch plan examples/myapp",
        "AWS_PROFILE=dev dorch plan examples/myapp --aws --cluster-id laptop-of-ada",
        "dorch plan examples/myapp --cluster --aws -o json",
    ];
}
