using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>
/// A test of operators that work in the test's own namespace, so that tests share a cluster and a Secrets Manager. After each, no generated value is in
/// the operators' logs or in what the API server shows, and no right was refused to the operators.
/// </summary>
public abstract class OperatorTest(KubernetesCluster cluster, Installation installation) : ClusterTest(cluster)
{
    /// <summary>The kind of an operator's Lease.</summary>
    protected static readonly ResourceType Lease = new("coordination.k8s.io", "v1", "Lease");

    /// <summary>The kind of Events.</summary>
    protected static readonly ResourceType Event = new("", "v1", "Event");

    private readonly List<OperatorProcess> operators = [];
    private long begun;

    /// <summary>The test's own namespace, and the prefix of its secrets' names.</summary>
    protected string Namespace { get; private set; } = "";

    /// <summary>The Lease of operators that work in the test's namespace.</summary>
    protected ObjectKey LeaseKey => new(Installation.Namespace, $"dorch-operator-{Namespace}");

    /// <summary>The prefix of the names of the test's secrets.</summary>
    protected virtual string SecretPrefix => $"{Namespace}/";

    /// <summary>Whether the test leaks a value on purpose.</summary>
    protected virtual bool LeaksOnPurpose => false;

    /// <summary>Whether no call may be refused: the roles are the shipped ones, and the API server always has them.</summary>
    protected virtual bool IsNothingForbidden => true;

    private protected SecretsManagerProcess SecretsManager => installation.SecretsManager;

    private protected string Kubeconfig => installation.Kubeconfig;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await installation.Started(Cluster);
        Namespace = await Namespaces.New(Store);
        await Installation.AllowLease(Cluster, LeaseKey.Name);
        begun = AuditedCall.End(Cluster);
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            if (!LeaksOnPurpose)
                await AssertNothingLeaked(Namespace, atLeast: 0);
            foreach (var log in operators.Select(o => o.Log))
                AssertJsonLines(log);
            // From the API server's audit log: a refusal in a terminating Namespace is not a missing right.
            if (IsNothingForbidden)
                Assert.DoesNotContain(AuditedCall.Since(Cluster, begun), c => c.IsForbidden && IsOurs(c));
        }
        finally
        {
            foreach (var process in operators)
                await process.DisposeAsync();
            await base.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }

    // Other tests share the cluster and remove rights of their operators, whose Leases share one namespace.
    private bool IsOurs(AuditedCall call) => call.Namespace == Namespace
        || (call.Namespace == LeaseKey.Namespace && call.Resource == "leases.coordination.k8s.io" ? call.Name.Length == 0 || call.Name == LeaseKey.Name
            : call.Namespace.Length > 0 && !Namespaces.IsATests(call.Namespace));

    /// <summary>A replica that works in the test's namespace.</summary>
    private protected Task<OperatorProcess> StartOperator(params string[] options) => Start(Kubeconfig, ["--namespace", Namespace, .. options]);

    /// <summary>A replica with the identity of the kubeconfig and these options.</summary>
    private protected Task<OperatorProcess> Start(string kubeconfig, params string[] options) => Start(kubeconfig, SecretsManager.Environment, options);

    /// <summary>A replica in this environment, which names the endpoint of AWS.</summary>
    private protected async Task<OperatorProcess> Start(string kubeconfig, IReadOnlyDictionary<string, string> environment, params string[] options)
    {
        string[] share = options.Contains("--quota-share") ? [] : ["--quota-share", "1"];
        var process = await OperatorProcess.Start(kubeconfig, environment, [.. share, .. options]);
        operators.Add(process);
        return process;
    }

    /// <summary>Creates Components, several at a time.</summary>
    protected Task Create(IEnumerable<JsonObject> resources) => Parallel.ForEachAsync(
        resources, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (r, stop) => await Store.Create(r, stop));

    /// <summary>The Components of the test's namespace, or of another.</summary>
    protected async Task<IReadOnlyList<JsonObject>> Components(string? @namespace = null) =>
        (await Store.List(ResourceType.Component, @namespace ?? Namespace, Cancellation)).Items;

    /// <summary>One Component of the test's namespace.</summary>
    protected async Task<JsonObject> Component(string name) => (await Store.Get(ResourceType.Component, new(Namespace, name), Cancellation))!;

    /// <summary>Ends when all Components of the namespace, this many, are Ready for their current generation.</summary>
    protected Task AllReady(int count, string? @namespace = null)
    {
        IReadOnlyList<JsonObject> last = [];
        return Eventually.Holds(
            async () => (last = await Components(@namespace)).Count == count && last.All(c => c.IsReady()),
            $"{count} Components Ready",
            more: () =>
                string.Join('\n', last.Where(c => !c.IsReady()).Take(3).Select(c => c.ToJsonString())) + "\n"
                + string.Join('\n', operators.Select(o => Tail(o.Log))));
    }

    /// <summary>Ends when the Component meets the condition.</summary>
    protected async Task<JsonObject> Until(string name, Func<JsonObject, bool> isWanted, string what)
    {
        JsonObject? last = null;
        await Eventually.Holds(
            async () => (last = await Store.Get(ResourceType.Component, new(Namespace, name), Cancellation)) is not null && isWanted(last),
            $"{name} {what}", more: () => $"{last}\n{string.Join('\n', operators.Select(o => Tail(o.Log)))}");
        return last!;
    }

    /// <summary>Asserts that these are the test's only secrets and that each has one version.</summary>
    private protected async Task AssertOneVersionEach(IEnumerable<string> names)
    {
        Assert.Equal(names.Order(StringComparer.Ordinal), (await SecretsManager.Live(SecretPrefix)).Order(StringComparer.Ordinal));
        foreach (var name in names)
            Assert.Single(await SecretsManager.Versions(name));
    }

    /// <summary>The operator's kubeconfig, through the proxy.</summary>
    private protected string KubeconfigThrough(FreezingProxy proxy)
    {
        var token = File.ReadLines(Kubeconfig).First(l => l.Contains("token:", StringComparison.Ordinal)).Split(':')[1].Trim();
        return Cluster.KubeconfigOf(Namespace, token, proxy.Address);
    }

    /// <summary>Gives one of <see cref="SecretPushes"/> another static value, which must be pushed once.</summary>
    protected async Task Change(string name, string user)
    {
        var component = await Component(name);
        component["spec"]!["config"]!["fields"]!["user"]!["value"] = user;
        component["spec"]!["config"]!["updatePolicy"] = "AlwaysUpdate";
        await Store.Replace(component, Cancellation);
    }

    /// <summary>The static value of one of <see cref="SecretPushes"/> in AWS.</summary>
    protected async Task<string?> User(string name) => (string?)(await SecretsManager.Value($"{Namespace}/{name}"))["user"];

    /// <summary>Asserts that these are the test's secrets that are not scheduled for deletion, with their numbers of versions.</summary>
    protected async Task AssertVersions(params (string Name, int Versions)[] expected)
    {
        var seen = new List<(string Name, int Versions)>();
        foreach (var name in await SecretsManager.Live(SecretPrefix))
            seen.Add((name[SecretPrefix.Length..], (await SecretsManager.Versions(name)).Count));
        Assert.Equal(expected, seen.OrderBy(s => s.Name, StringComparer.Ordinal));
    }

    /// <summary>Asserts that a secret of the test is scheduled for deletion.</summary>
    protected async Task AssertScheduledForDeletion(string name) => Assert.NotNull((await SecretsManager.Describe($"{SecretPrefix}{name}"))!["DeletedDate"]);

    /// <summary>The generated values of the test's secrets, in every version that can still be read.</summary>
    private protected async Task<LeakScan> ScanForGenerated()
    {
        var values = new List<byte[]>();
        foreach (var name in await SecretsManager.Live(SecretPrefix))
        {
            foreach (var version in await SecretsManager.Versions(name))
                values.AddRange((await SecretsManager.Value(name, version)).Where(f => SecretPushes.IsGenerated(f.Key))
                    .Select(f => Encoding.UTF8.GetBytes((string)f.Value!)));
        }

        return new(values);
    }

    // A killed process may leave half a line.
    private static void AssertJsonLines(string log)
    {
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines[..^1].Concat(lines[^1..].Where(l => l.EndsWith('}'))))
        {
            var entry = JsonNode.Parse(line)!;
            Assert.All((string[])["Timestamp", "LogLevel", "Category", "Message"], field => Assert.NotNull(entry[field]));
        }
    }

    /// <summary>Asserts that no generated value of the test's secrets is in the operators' logs or in the objects of a namespace.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="atLeast">The minimum number of values. Secrets that are scheduled for deletion cannot be read.</param>
    private protected async Task AssertNothingLeaked(string @namespace, int atLeast)
    {
        var scan = await ScanForGenerated();
        Assert.InRange(scan.Values, atLeast, int.MaxValue);
        foreach (var log in operators.Select(o => o.Log))
            scan.AssertAbsent("the operator's log", log);
        foreach (var type in new[] { ResourceType.Component, ResourceType.Composition, Event })
            scan.AssertAbsent($"a {type.Kind}", string.Concat((await Store.List(type, @namespace, Cancellation)).Items.Select(i => i.ToJsonString())));
    }

    private static string Tail(string log) => string.Join('\n', log.Split('\n').TakeLast(8));
}
