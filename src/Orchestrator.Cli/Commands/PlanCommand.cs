using System.CommandLine;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch plan PATH…</c></summary>
internal sealed class PlanCommand : ExplainedCommand
{
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
        var reached = new ClusterOptions(this);
        var clusterId = With(Parameters.ClusterId("The owner of the secrets in AWS (default with --cluster: the uid of the namespace kube-system)"));
        var former = With(Parameters.FormerClusterIds());
        var quotaShare = With(Parameters.QuotaShare("With --aws: the share of AWS's request quotas to use at most"));
        var required = With(Parameters.RequirePolicy("The operator runs with --require-policy: a namespace that no SecretPolicy selects has no secrets"));
        var output = With(RunOutput.Option("Print a table, or the plan as one object (default table)"));
        this.Needs(reached.Kubeconfig, "without it no cluster is queried", cluster);
        this.Needs(reached.Context, "without it no cluster is queried", cluster);
        this.Needs(quotaShare, "without it AWS is not called", aws);
        this.Needs(aws, Parameters.WhyClusterId, clusterId, cluster);
        this.Needs(clusterId, WithoutThem, aws, cluster);
        this.Needs(former, WithoutThem, aws, cluster);
        Validators.Add(result =>
        {
            if (result.GetValue(cluster) && result.GetValue(output)?.Given.IsEmpty == false)
                result.AddError("--output component.name=value cannot be combined with --cluster: there the controllers fill in the fields");
        });

        Runs((parsed, cancellation) => ClusterOptions.Run(context, () => new PlanRun(
            context,
            new(parsed.GetRequiredValue(paths), context.Input),
            parsed.GetValue(cluster) ? () => reached.Find(parsed, context) : null,
            new(parsed.GetValue(aws), parsed.GetValue(clusterId), parsed.GetRequiredValue(former), parsed.GetValue(quotaShare)),
            parsed.GetValue(required),
            parsed.GetValue(output) ?? RunOutput.Default).Run(cancellation)));
    }

    public override IReadOnlyList<string> Examples =>
    [
        "dorch plan examples/myapp",
        "AWS_PROFILE=dev dorch plan examples/myapp --aws --cluster-id laptop-of-ada",
        "dorch plan examples/myapp --cluster --aws -o json",
    ];
}
