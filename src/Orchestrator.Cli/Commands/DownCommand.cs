using System.CommandLine;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch down PATH…</c></summary>
internal sealed class DownCommand : ExplainedCommand
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    /// <summary>The command.</summary>
    public DownCommand(CommandContext context)
        : base("down", "Delete what `dorch up --aws` made of the same files, dependents first, each secret by its deletionPolicy.")
    {
        var paths = Parameters.Paths();
        var aws = Parameters.Aws();
        var clusterId = Parameters.ClusterId("With --aws: who you are. Secrets that another cluster id wrote are somebody else's, and are left alone");
        var former = Parameters.FormerClusterIds();
        var quotaShare = Parameters.QuotaShare("With --aws: which part of AWS's quotas of calls per second is used at most");
        var timeout = Parameters.Timeout("Give up after this time (default 5m)");
        var output = Parameters.Output("What the standard output gets: a table, or what is still there as one v1 List (default table)");
        Arguments.Add(paths);
        foreach (var option in (Option[])[aws, clusterId, former, quotaShare, timeout, output])
            Options.Add(option);
        Validators.Add(result =>
        {
            if (result.GetResult(aws) is null)
                result.AddError("down needs --aws: what up made in the embedded Secrets Manager went when that program ended");
        });
        this.Needs(aws, clusterId, Parameters.WhyClusterId);
        this.Needs(former, aws, "without it no secret is another cluster's");

        SetAction((parsed, cancellation) => new DownRun(context)
        {
            Source = new(parsed.GetRequiredValue(paths), context.Input),
            Target = new(parsed.GetValue(clusterId)!, parsed.GetValue(quotaShare), parsed.GetRequiredValue(former)),
            Timeout = parsed.GetValue(timeout) ?? DefaultTimeout,
            Format = parsed.GetValue(output),
        }.Run(cancellation));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["AWS_PROFILE=dev dorch down examples/myapp --aws --cluster-id laptop-of-ada"];
}
