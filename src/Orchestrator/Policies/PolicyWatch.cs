using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Policies;

/// <summary>Watches the SecretPolicies and Namespaces of a cluster, and reports whose policies changed. Subscribe first, then <see cref="Run"/>.</summary>
internal sealed class PolicyWatch : IPolicySource
{
    private readonly Informer<JsonObject> objects;
    private readonly Informer<NamespaceLabels> namespaces;
    private readonly ConcurrentDictionary<string, SecretPolicy> policies = new(StringComparer.Ordinal);
    private readonly List<Action<string, ObjectId>> subscribers = [];
    private readonly Func<string, PolicyScope> scopeOf;
    private readonly bool isRequired;
    private readonly ILogger log;

    /// <param name="feed">Lists and watches the policies and Namespaces.</param>
    /// <param name="clusterId">The cluster's id.</param>
    /// <param name="region">Returns the program's current region.</param>
    /// <param name="isRequired">Whether a namespace without a policy is allowed nothing.</param>
    /// <param name="time">The clock of the retries.</param>
    /// <param name="log">Logs failures, and policies that cannot be read.</param>
    public PolicyWatch(IResourceStore feed, string clusterId, Func<string?> region, bool isRequired, TimeProvider time, ILogger log)
    {
        (this.isRequired, this.log) = (isRequired, log);
        scopeOf = @namespace => new(@namespace, clusterId, region());
        objects = new(feed, new(feed, ResourceType.SecretPolicy, ApiJson.Default.JsonObject), time, log);
        namespaces = new(feed, new(feed, ResourceType.Namespace, NamespaceLabelsJson.Default.NamespaceLabels), time, log);
        objects.Subscribe(change => OnPolicy(change.Key.Name, change.After));
        namespaces.Subscribe(change => OnNamespace(change.Key.Name, change.Before?.Metadata.Labels, change.After?.Metadata.Labels));
    }

    /// <summary>Completes when all policies and Namespaces were seen; cancelled if <see cref="Run"/> ends before.</summary>
    public Task Synced => Task.WhenAll(objects.Synced, namespaces.Synced);

    /// <summary>How many policies cannot be read.</summary>
    public int Unreadable => policies.Values.Count(p => p.Unreadable is not null);

    /// <summary>Completes when the policies and Namespaces up to these versions were seen.</summary>
    public Task WhenSeen(Func<ResourceType, string?, string> lastVersion) => Task.WhenAll(
        objects.WhenSeen(lastVersion(ResourceType.SecretPolicy, null)), namespaces.WhenSeen(lastVersion(ResourceType.Namespace, null)));

    /// <summary>
    /// Subscribes to changes: called with each namespace whose policies may have changed and the changed object; see <see cref="Informer{T}.Subscribe"/>.
    /// </summary>
    public void Subscribe(Action<string, ObjectId> subscriber) => subscribers.Add(subscriber);

    /// <inheritdoc/>
    public NamespacePolicies? Of(string @namespace) => namespaces.Get(new(null, @namespace)) is { } found
        ? NamespacePolicies.Of(policies.Values, scopeOf(@namespace), found.Metadata.Labels, isRequired)
        : null;

    /// <summary>The namespaces whose policies allow inheriting what is abandoned in the given one.</summary>
    public IEnumerable<string> SuccessorsOf(string @namespace)
    {
        var renaming = policies.Values.Where(p => p.Allow.TakeOverFrom.Contains(@namespace, StringComparer.Ordinal)).ToList();
        return renaming.Count == 0 ? []
            : namespaces.All().Where(n => renaming.Any(p => p.Namespaces.Selects(n.Metadata.Name, n.Metadata.Labels))).Select(n => n.Metadata.Name);
    }

    /// <summary>Watches both until cancelled.</summary>
    public Task Run(CancellationToken cancellation) => Task.WhenAll(objects.Run(cancellation), namespaces.Run(cancellation));

    private void OnPolicy(string name, JsonObject? resource)
    {
        var before = policies.GetValueOrDefault(name);
        var after = resource is null ? null : Read(name, resource);
        if (after is null)
            policies.TryRemove(name, out _);
        else
            policies[name] = after;
        bool IsConcerned(NamespaceLabels one) => new[] { before, after }.Any(p => p?.Namespaces.Selects(one.Metadata.Name, one.Metadata.Labels) == true);
        foreach (var one in namespaces.All().Where(IsConcerned))
            Notify(one.Metadata.Name, new(ResourceType.SecretPolicy, new(null, name)));
    }

    private SecretPolicy Read(string name, JsonObject resource)
    {
        var problems = new List<Problem>();
        var policy = SecretPolicyReader.Read(name, resource, problems);
        if (problems.Count > 0)
            Log.Unreadable(log, name, string.Join("; ", problems));
        return policy;
    }

    private void OnNamespace(string name, IReadOnlyDictionary<string, string>? before, IReadOnlyDictionary<string, string>? after)
    {
        var isSame = before is not null && after is not null && before.Count == after.Count && before.All(l => after.GetValueOrDefault(l.Key) == l.Value);
        if (!isSame)
            Notify(name, new(ResourceType.Namespace, new(null, name)));
    }

    private void Notify(string @namespace, ObjectId changed)
    {
        foreach (var subscriber in subscribers)
            subscriber(@namespace, changed);
    }
}
