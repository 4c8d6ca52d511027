using System.CommandLine;
using DeploymentOrchestrator.Cli.Running;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>The options by which <c>up</c> and <c>down</c> reach AWS.</summary>
internal sealed class AwsOptions
{
    private readonly Option<string?> clusterId =
        Parameters.ClusterId("With --aws: the owner of the secrets. Secrets with another cluster id belong to another owner and are left alone");

    private readonly Option<string[]> former = Parameters.FormerClusterIds();
    private readonly Option<double> quotaShare = Parameters.QuotaShare("With --aws: the share of AWS's request quotas to use at most");

    public AwsOptions(Command command)
    {
        foreach (var option in (Option[])[Aws, clusterId, former, quotaShare])
            command.Options.Add(option);
        command.Needs(Aws, Parameters.WhyClusterId, clusterId);
        command.Needs(clusterId, "the embedded Secrets Manager has one owner", Aws);
        command.Needs(former, "the embedded Secrets Manager has one owner", Aws);
        command.Needs(quotaShare, "the embedded Secrets Manager has no quotas", Aws);
    }

    public Option<bool> Aws { get; } = Parameters.Aws();

    public RunTarget.Aws Target(ParseResult parsed) =>
        new(parsed.GetValue(clusterId)!, parsed.GetValue(quotaShare), parsed.GetRequiredValue(former));
}
