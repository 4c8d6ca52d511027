using System.CommandLine;
using DeploymentOrchestrator.Cli.Running;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch up PATH…</c></summary>
internal sealed class UpCommand : ExplainedCommand
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    /// <summary>The command.</summary>
    public UpCommand(CommandContext context)
        : base("up", "Bring the files' Compositions and Components to Ready, and follow every change of the files until Ctrl-C.")
    {
        var paths = Parameters.Paths();
        var once = new Option<bool>("--once") { Description = "End when everything is Ready, or when something failed" };
        var timeout = Parameters.Timeout("With --once: give up after this time (default 5m)");
        var port = Parameters.Port("--secrets-manager-port", "The port of the embedded Secrets Manager on 127.0.0.1; 0 takes a free one", 0);
        var aws = Parameters.Aws();
        var clusterId = Parameters.ClusterId("With --aws: who you are. Secrets that another cluster id wrote are somebody else's, and are left alone");
        var former = Parameters.FormerClusterIds();
        var quotaShare = Parameters.QuotaShare("With --aws: which part of AWS's quotas of calls per second is used at most");
        var output = Parameters.Output("What the standard output gets once all is settled: a table, or the resources with their status as one v1 List (default table)");
        Arguments.Add(paths);
        foreach (var option in (Option[])[once, timeout, port, aws, clusterId, former, quotaShare, output])
            Options.Add(option);
        this.Needs(timeout, once, "without it, up runs until Ctrl-C");
        this.Needs(aws, clusterId, Parameters.WhyClusterId);
        this.Needs(former, aws, "without it no secret is another cluster's");
        this.Needs(clusterId, aws, "the embedded Secrets Manager has one user");
        this.Needs(quotaShare, aws, "the embedded Secrets Manager has no quotas");
        this.Excludes(port, aws, "with AWS's Secrets Manager, none is embedded");

        SetAction((parsed, cancellation) => new UpRun(context)
        {
            Source = new(parsed.GetRequiredValue(paths), context.Input),
            Target = parsed.GetValue(aws) ? new RunTarget.Aws(parsed.GetValue(clusterId)!, parsed.GetValue(quotaShare), parsed.GetRequiredValue(former)) : new RunTarget.Embedded(parsed.GetValue(port)),
            Timeout = parsed.GetValue(once) ? parsed.GetValue(timeout) ?? DefaultTimeout : null,
            Format = parsed.GetValue(output),
        }.Run(cancellation));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "dorch up examples/myapp",
        "dorch up examples/myapp --once -o json",
        "dorch up app.yaml config.yaml --secrets-manager-port 4566",
        "AWS_PROFILE=dev dorch up examples/myapp --once --aws --cluster-id laptop-of-ada",
    ];
}
