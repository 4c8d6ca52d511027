namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch down PATH…</c></summary>
internal sealed class DownCommand : ExplainedCommand
{
    public DownCommand(CommandContext context)
        : base(context, "down", "Delete what `dorch up --aws` created from the same files: dependents first, each secret by its deletionPolicy.")
    {
        var paths = With(Parameters.Paths());
        var aws = new AwsOptions(this);
        var timeout = With(Parameters.Duration("--timeout", "Give up after this time (default 5m)"));
        var output = With(RunOutput.Option("Print a table, or what still exists as one v1 List (default table)"));
        Validators.Add(result =>
        {
            if (result.GetResult(aws.Aws) is null)
                result.AddError("down needs --aws: what up created in the embedded Secrets Manager was gone when up ended");
        });

        Runs((parsed, cancellation) => new DownRun(
            context, new(parsed.GetRequiredValue(paths), context.Input), aws.Target(parsed), parsed.GetValue(timeout) ?? DefaultTimeout,
            parsed.GetValue(output) ?? RunOutput.Default).Run(cancellation));
    }

    public override IReadOnlyList<string> Examples => ["AWS_PROFILE=dev dorch down examples/myapp --aws --cluster-id laptop-of-ada"];
}
