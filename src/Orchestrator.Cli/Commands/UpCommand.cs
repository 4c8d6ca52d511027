using System.CommandLine;
using DeploymentOrchestrator.Cli.Running;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch up PATH…</c></summary>
internal sealed class UpCommand : ExplainedCommand
{
    public UpCommand(CommandContext context)
        : base(context, "up", "Bring the Compositions and Components of the files to Ready, and follow every change of the files until Ctrl-C.")
    {
        var paths = With(Parameters.Paths());
        var once = With(new Option<bool>("--once") { Description = "Exit when everything is Ready, or when something failed" });
        var timeout = With(Parameters.Duration("--timeout", "With --once: give up after this time (default 5m)"));
        var port = With(Parameters.Port("--secrets-manager-port", "The port of the embedded Secrets Manager on 127.0.0.1; 0 picks a free one", 0));
        var aws = new AwsOptions(this);
        var output = With(RunOutput.Option("Print a table, or the resources with their status as one v1 List (default table)"));
        this.Needs(timeout, "without it, up runs until Ctrl-C", once);
        this.Excludes(port, aws.Aws, "AWS has no port to choose");

        Runs((parsed, cancellation) => new UpRun(
            context,
            new(parsed.GetRequiredValue(paths), context.Input),
            parsed.GetValue(aws.Aws) ? aws.Target(parsed) : new RunTarget.Embedded(parsed.GetValue(port)),
            parsed.GetValue(once) ? parsed.GetValue(timeout) ?? DefaultTimeout : null,
            parsed.GetValue(output) ?? RunOutput.Default).Run(cancellation));
    }

    public override IReadOnlyList<string> Examples =>
    [
        "dorch up examples/myapp",
        "dorch up examples/myapp --once -o json",
        "dorch up examples/ack-database --once --output database.endpoint=db.example.com --output database.port=5432",
        "dorch up app.yaml config.yaml --secrets-manager-port 4566",
        "AWS_PROFILE=dev dorch up examples/myapp --once --aws --cluster-id laptop-of-ada",
    ];
}
