using System.CommandLine;
using System.CommandLine.Parsing;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>What <c>dorch operator</c> lets Components do with its own rights.</summary>
internal sealed class RightsOptions
{
    private const string Cluster = "cluster";

    private readonly Option<string?> serviceAccount = Parameters.Text(
        "--default-service-account", "name",
        "Apply manifests without serviceAccountName as this ServiceAccount of the Component's namespace (default: as the operator)",
        "be the name of a ServiceAccount, without a namespace", DnsName.IsSubdomain);

    private readonly Option<string> scope = Parameters.Choice(
        "--manifest-scope",
        "Where manifests without serviceAccountName may create objects: in the Component's namespace, or in the whole cluster (default namespace)",
        ("namespace", "namespace"), (Cluster, Cluster));

    private readonly Option<string[]> configReaderNamespaces = new("--config-reader-namespaces")
    {
        Description = "Namespaces whose ConfigMaps config-reader may read besides the Component's own, separated by commas (default: none)",
        HelpName = "names",
        DefaultValueFactory = _ => [],
        CustomParser = Names,
    };

    /// <summary>Adds the options to a command.</summary>
    public RightsOptions(Command command)
    {
        foreach (var option in (Option[])[serviceAccount, scope, configReaderNamespaces])
            command.Options.Add(option);
        command.Excludes(serviceAccount, scope, "with a default ServiceAccount, no manifest uses the operator's own rights");
    }

    /// <summary>The rights that a command line gives.</summary>
    public OperatorRights Of(ParseResult parsed) => new()
    {
        DefaultServiceAccount = parsed.GetValue(serviceAccount),
        AppliesEverywhere = parsed.GetValue(scope) == Cluster,
        ReadableNamespaces = parsed.GetRequiredValue(configReaderNamespaces).ToHashSet(StringComparer.Ordinal),
    };

    private static string[] Names(ArgumentResult result)
    {
        var names = result.Tokens[0].Value.Split(',');
        if (Array.Find(names, name => !DnsName.IsLabel(name)) is { } wrong)
            result.AddError($"--config-reader-namespaces must be names of namespaces separated by commas, such as shared,platform, not \"{wrong}\"");
        return names;
    }
}
