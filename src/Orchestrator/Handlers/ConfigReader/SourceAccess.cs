using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.ConfigReader;

/// <summary>
/// As whom the sources of a Component are read, and where they may be. ConfigMaps have a rule of their own where the config names no account: the process
/// reads them, in the namespaces that its options list, whatever its default ServiceAccount is, so that nothing that worked before there were other kinds
/// asks for a new right.
/// </summary>
internal sealed class SourceAccess
{
    private const string Aggregation = "aggregate-to-config-reader";

    // Objects are looked at and followed.
    private static readonly string[] Verbs = ["get", "list", "watch"];

    private readonly OperatorRights rights;
    private readonly ObjectKey component;
    private readonly ObjectAccess ofConfigMaps;
    private readonly ObjectAccess ofOthers;

    private SourceAccess(OperatorRights rights, ObjectKey component, ObjectAccess ofConfigMaps, ObjectAccess ofOthers) =>
        (this.rights, this.component, this.ofConfigMaps, this.ofOthers) = (rights, component, ofConfigMaps, ofOthers);

    private string Own => ofOthers.Own;

    /// <summary>That of a Component with this config.</summary>
    public static SourceAccess Of(IResourceStore store, OperatorRights rights, HandlerRequest request, ConfigReaderConfig config)
    {
        var own = request.Component.Metadata.Namespace ?? "";
        var key = ObjectKey.Of(request.Component.Metadata);
        if (config.Sources.All(s => s.IsConfigMap) && config.ServiceAccountName is null)
            return new(rights, key, ObjectAccess.OfOperator(store, own), ObjectAccess.OfOperator(store, own));
        var access = ObjectAccess.Of(store, own, config.ServiceAccountName, rights);
        return new(rights, key, config.ServiceAccountName is null ? ObjectAccess.OfOperator(store, own) : access, access);
    }

    /// <summary>As whom a source is read.</summary>
    public ObjectAccess To(ConfigSource source) => source.IsConfigMap ? ofConfigMaps : ofOthers;

    /// <summary>Where a source is. NotServed where nobody knows its kind.</summary>
    public async Task<ObjectKey> Place(ConfigSource source, CancellationToken cancellation) =>
        source.KeyIn(Own, source.IsConfigMap || await To(source).Store.IsNamespaced(source.Type, cancellation));

    /// <summary>Why an administrator lets nobody read the source, nor follow it; null where it is read. What is known of kinds, the config was read
    /// by.</summary>
    public Problem? Unreadable(ConfigSource source)
    {
        var refusals =
            from export in source.Exports
            let refusal = rights.Unreadable.Of(source.Type, export.Field?.Path ?? new(ConfigMapValues.Data, [new(ConfigMapValues.Data), new(export.Key)]))
            where refusal is not null
            select new Problem($"{source.Path}.kind", refusal.Value.Message);
        return refusals.FirstOrDefault();
    }

    /// <summary>Why a source is not read there, whatever the cluster's RBAC says; null where it may be. Denied is what settings can heal.</summary>
    public (FailureKind Kind, Problem Problem)? Refusal(ConfigSource source, ObjectKey key)
    {
        if (key.Namespace is null && source.Namespace is not null)
            return (FailureKind.InvalidConfig, new($"{source.Path}.namespace", $"a {source.Type.Kind} is cluster-scoped: leave it out"));
        if (key == component && (source.Type.Group, source.Type.Kind) == (ApiGroup.Name, Component.KindName))
            return (FailureKind.InvalidConfig, new(source.Path, "is this Component itself, whose outputs would be their own source: read another object"));
        return To(source).Account is not null || rights.ReadsEverywhere || key.Namespace == Own
            || (source.IsConfigMap && rights.ReadableNamespaces.Contains(key.Namespace!))
            ? null
            : (FailureKind.Denied, Outside(source, key));
    }

    /// <summary>What to say of a refusal by the store, and what has to be done.</summary>
    public async Task<HandlerAnswer.Failed> Explain(ResourceException failure, ConfigSource source, ObjectKey key, CancellationToken cancellation)
    {
        var access = To(source);
        return failure.Error == ResourceError.Forbidden
            && await access.Missing(new(source.Type, key), Verbs, Aggregation, cancellation) is { } missing
            ? new(FailureKind.Denied, [new Problem(source.Path, missing)])
            : StoreFailure.Answer(failure, $"read {source.Type.Kind} {key}{(access.Account is null ? "" : $" as {access.Account}")}");
    }

    private Problem Outside(ConfigSource source, ObjectKey key) => (source.IsConfigMap, key.Namespace) switch
    {
        (true, _) => new($"{source.Path}.namespace",
            $"\"{key.Namespace}\" is not this Component's namespace \"{Own}\": put the ConfigMap there, or have the operator run with "
                + $"--config-reader-namespaces {key.Namespace}"),
        (_, null) => new($"{source.Path}.kind",
            $"a {source.Type.Kind} is cluster-scoped, and the operator reads in this Component's \"{Own}\" only: name a ServiceAccount of \"{Own}\" that may "
                + "read it as serviceAccountName"),
        _ => new($"{source.Path}.namespace",
            $"\"{key.Namespace}\" is not this Component's namespace \"{Own}\": name a ServiceAccount of \"{Own}\" that may read there as serviceAccountName"),
    };
}
