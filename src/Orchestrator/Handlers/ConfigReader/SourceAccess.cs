using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.ConfigReader;

/// <summary>
/// The account that reads a Component's sources, and where they may be. ConfigMaps are special if the config names no account: the operator itself reads
/// them, in the namespaces of its options, whatever its default ServiceAccount is, so that configs from before other kinds were supported need no new right.
/// </summary>
internal sealed class SourceAccess
{
    private const string Aggregation = "aggregate-to-config-reader";

    // Objects are read and watched.
    private static readonly string[] Verbs = ["get", "list", "watch"];

    private readonly OperatorRights rights;
    private readonly ObjectKey component;
    private readonly ObjectAccess ofConfigMaps;
    private readonly ObjectAccess ofOthers;

    private SourceAccess(OperatorRights rights, ObjectKey component, ObjectAccess ofConfigMaps, ObjectAccess ofOthers) =>
        (this.rights, this.component, this.ofConfigMaps, this.ofOthers) = (rights, component, ofConfigMaps, ofOthers);

    private string Own => ofOthers.Own;

    /// <summary>The access of a Component with this config.</summary>
    public static SourceAccess Of(IResourceStore store, OperatorRights rights, HandlerRequest request, ConfigReaderConfig config)
    {
        var own = request.Component.Metadata.Namespace ?? "";
        var key = ObjectKey.Of(request.Component.Metadata);
        if (config.Sources.All(s => s.IsConfigMap) && config.ServiceAccountName is null)
            return new(rights, key, ObjectAccess.OfOperator(store, own), ObjectAccess.OfOperator(store, own));
        var access = ObjectAccess.Of(store, own, config.ServiceAccountName, rights);
        return new(rights, key, config.ServiceAccountName is null ? ObjectAccess.OfOperator(store, own) : access, access);
    }

    /// <summary>The access to a source.</summary>
    public ObjectAccess To(ConfigSource source) => source.IsConfigMap ? ofConfigMaps : ofOthers;

    /// <summary>The place of a source. NotServed if its kind is unknown.</summary>
    public async Task<ObjectKey> Place(ConfigSource source, CancellationToken cancellation) =>
        source.KeyIn(Own, source.IsConfigMap || await To(source).Store.IsNamespaced(source.Type, cancellation));

    /// <summary>
    /// Why an administrator forbids reading or watching the source; null if it is allowed. Built-in rules were checked when the config was read.
    /// </summary>
    public Problem? Unreadable(ConfigSource source)
    {
        var refusals =
            from export in source.Exports
            let refusal = rights.Unreadable.Of(source.Type, export.Field?.Path ?? new(ConfigMapValues.Data, [new(ConfigMapValues.Data), new(export.Key)]))
            where refusal is not null
            select new Problem($"{source.Path}.kind", refusal.Value.Message);
        return refusals.FirstOrDefault();
    }

    /// <summary>Why a source may not be read there, whatever RBAC says; null if it may. Denied means that the operator's settings can heal it.</summary>
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

    /// <summary>The answer to a refusal by the store, with what to do.</summary>
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
