using System.CommandLine;
using System.CommandLine.Parsing;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>What <c>dorch operator</c> lets Components do by its own rights.</summary>
internal sealed class RightsOptions
{
    private const string Everywhere = "cluster";

    /// <summary><c>--default-service-account</c></summary>
    public Option<string?> DefaultServiceAccount { get; } = new("--default-service-account")
    {
        Description = "Apply manifests without serviceAccountName as this ServiceAccount of the Component's namespace (default: as the operator)",
        HelpName = "name",
        CustomParser = result =>
        {
            var name = result.Tokens[0].Value;
            if (DnsName.IsSubdomain(name))
                return name;
            result.AddError($"--default-service-account must be the name of a ServiceAccount, without a namespace, not \"{name}\"");
            return null;
        },
    };

    /// <summary><c>--manifest-scope</c></summary>
    public Option<string?> ManifestScope { get; } = new("--manifest-scope")
    {
        Description = "Where manifests without serviceAccountName may lie: in the Component's namespace, or everywhere, cluster-scoped ones too "
            + "(default namespace)",
        HelpName = "namespace|cluster",
        CustomParser = result =>
        {
            var scope = result.Tokens[0].Value;
            if (scope is "namespace" or Everywhere)
                return scope;
            result.AddError($"--manifest-scope must be namespace or {Everywhere}, not \"{scope}\"");
            return null;
        },
    };

    /// <summary><c>--config-reader-namespaces</c></summary>
    public Option<string[]> ConfigReaderNamespaces { get; } = new("--config-reader-namespaces")
    {
        Description = "Namespaces whose ConfigMaps config-reader may read beside those of the Component's own, with commas between (default: none)",
        HelpName = "names",
        DefaultValueFactory = _ => [],
        CustomParser = Names,
    };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [DefaultServiceAccount, ManifestScope, ConfigReaderNamespaces];

    /// <summary>The rights that a command line gives.</summary>
    public OperatorRights Of(ParseResult parsed) => new()
    {
        DefaultServiceAccount = parsed.GetValue(DefaultServiceAccount),
        AppliesEverywhere = parsed.GetValue(ManifestScope) == Everywhere,
        ReadableNamespaces = parsed.GetRequiredValue(ConfigReaderNamespaces).ToHashSet(StringComparer.Ordinal),
    };

    private static string[] Names(ArgumentResult result)
    {
        var names = result.Tokens[0].Value.Split(',');
        if (Array.Find(names, name => !DnsName.IsLabel(name)) is { } wrong)
            result.AddError($"--config-reader-namespaces must be names of namespaces with commas between, such as shared,platform; \"{wrong}\" is none");
        return names;
    }
}
