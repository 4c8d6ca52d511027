using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Tests.Kubernetes;

[assembly: AssemblyFixture(typeof(KubernetesCluster))]

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>
/// A real control plane for this test run: etcd, kube-apiserver and kube-controller-manager on loopback, with RBAC enabled and our CRDs installed. It has
/// no kubelet and no scheduler: Deployments get ReplicaSets and Pods, but no Pod ever runs. It starts with the first test that needs it.
/// </summary>
public sealed class KubernetesCluster : IAsyncDisposable
{
    private const string Crds = "apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private readonly Lock gate = new();
    private readonly TemporaryFolder folder = new();
    private readonly int apiPort = FreePort.Next();
    private readonly int etcdPort = FreePort.Next();
    private readonly int etcdPeerPort = FreePort.Next();
    private Task? starting;
    private string assets = "";
    private GuardedProcess? etcd;
    private GuardedProcess? apiServer;
    private GuardedProcess? controllers;
    private ClusterHttp? http;

    /// <summary>The API server's address.</summary>
    public Uri Server => new($"https://127.0.0.1:{apiPort}");

    /// <summary>The bearer token of a member of system:masters.</summary>
    public string AdminToken { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    /// <summary>A kubeconfig with that token.</summary>
    public string Kubeconfig => In("admin.kubeconfig");

    /// <summary>The CA of the API server's certificate, in a PEM file.</summary>
    public string CertificateAuthority => In("ca.crt");

    /// <summary>The folder of etcd's files.</summary>
    public string EtcdData => In("etcd");

    /// <summary>
    /// Whether the API server serves watches from its watch cache, as it does by default. Without the cache they come straight from etcd, and a compacted
    /// version is answered with 410 Gone at once.
    /// </summary>
    internal bool HasWatchCache { get; init; } = true;

    /// <summary>The API server's audit log of calls by the operator's ServiceAccounts: one JSON object a line.</summary>
    internal string AuditLog => In("audit.log");

    /// <summary>The API server's version.</summary>
    internal async Task<KubernetesVersion> Version() => KubernetesVersion.Read(await Http.Call(HttpMethod.Get, "version", null));

    private string EtcdPeer => $"http://127.0.0.1:{etcdPeerPort}";

    private ClusterHttp Http => http ?? throw new InvalidOperationException("await Started first");

    /// <summary>Ends once the cluster is ready. The test is skipped if its binaries are missing; in CI it fails.</summary>
    public Task Started()
    {
        assets = KubernetesAssets.Folder();
        lock (gate)
            return starting ??= Start(TestContext.Current.CancellationToken);
    }

    /// <summary>A kubeconfig file for another user.</summary>
    public string KubeconfigOf(string name, string token, Uri? server = null) =>
        folder.Write($"{name}.kubeconfig", KubeconfigText.Of(server ?? Server, $"token: {token}", CertificateAuthority));

    /// <summary>One call of the API server as admin; fails unless it succeeds.</summary>
    public Task<JsonObject> Call(HttpMethod method, string path, JsonObject? body = null) => Http.Call(method, path, body);

    /// <summary>Server-side apply of one YAML document as admin.</summary>
    public Task<JsonObject> Apply(string path, string yaml) => Http.Apply(path, yaml);

    /// <summary>Installs a CustomResourceDefinition and waits until its first version is served.</summary>
    public async Task InstallCrd(string yaml)
    {
        var definition = await Http.Apply($"{Crds}/{yaml.Split('\n').First(l => l.StartsWith("  name: ", StringComparison.Ordinal))[8..].Trim()}", yaml);
        var spec = definition["spec"]!;
        await apiServer!.Until(
            c => Http.IsThere($"apis/{spec["group"]}/{spec["versions"]![0]!["name"]}/{spec["names"]!["plural"]}", c), TestContext.Current.CancellationToken);
    }

    /// <summary>Deletes a CustomResourceDefinition and waits until it no longer exists.</summary>
    public async Task RemoveCrd(string name)
    {
        var spec = (await Http.Call(HttpMethod.Get, $"{Crds}/{name}", null))["spec"]!;
        await Http.Call(HttpMethod.Delete, $"{Crds}/{name}", null);
        await apiServer!.Until(
            async c => !await Http.IsThere($"apis/{spec["group"]}/{spec["versions"]![0]!["name"]}", c), TestContext.Current.CancellationToken);
    }

    /// <summary>Creates a ServiceAccount and a token for it.</summary>
    public async Task<string> CreateServiceAccount(string @namespace, string name)
    {
        await Http.Call(HttpMethod.Post, $"api/v1/namespaces/{@namespace}/serviceaccounts", new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ServiceAccount",
            ["metadata"] = new JsonObject { ["name"] = name },
        });
        return await CreateToken(@namespace, name);
    }

    /// <summary>A new token of a ServiceAccount, as a kubelet requests it. It is valid for an hour, or until the ServiceAccount is deleted.</summary>
    public async Task<string> CreateToken(string @namespace, string serviceAccount)
    {
        var answer = await Http.Call(HttpMethod.Post, $"api/v1/namespaces/{@namespace}/serviceaccounts/{serviceAccount}/token", new()
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["audiences"] = new JsonArray() },
        });
        return (string)answer["status"]!["token"]!;
    }

    /// <summary>Kills the API server, starts it again on the same port and waits until it is ready.</summary>
    public async Task RestartApiServer()
    {
        await apiServer!.DisposeAsync();
        await StartApiServer(TestContext.Current.CancellationToken);
    }

    /// <summary>Compacts etcd to its current revision: a watch from an earlier one is answered with 410 Gone.</summary>
    public async Task CompactEtcd()
    {
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{etcdPort}") };
        var cancellation = TestContext.Current.CancellationToken;
        var status = await Etcd("maintenance/status", []);
        await Etcd("kv/compaction", new() { ["revision"] = (string)status["header"]!["revision"]!, ["physical"] = true });

        async Task<JsonObject> Etcd(string call, JsonObject body)
        {
            using var answer = await client.PostAsync(new Uri($"v3/{call}", UriKind.Relative), new StringContent(body.ToJsonString()), cancellation);
            answer.EnsureSuccessStatusCode();
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation))!.AsObject();
        }
    }

    /// <summary>Saves a snapshot of etcd for <see cref="RestoreEtcd"/>.</summary>
    internal async Task SaveEtcd() => (await EtcdCtl("--endpoints", $"127.0.0.1:{etcdPort}", "snapshot", "save", In("etcd.snapshot"))).Exited(0);

    /// <summary>
    /// Restores etcd from the snapshot, as Kubernetes' documentation describes: everything that caches its state is restarted, on the same ports.
    /// Source: https://kubernetes.io/docs/tasks/administer-cluster/configure-upgrade-etcd/#restoring-an-etcd-cluster.
    /// </summary>
    internal async Task RestoreEtcd()
    {
        foreach (var process in new[] { controllers, apiServer, etcd })
            await process!.DisposeAsync();
        Directory.Delete(EtcdData, recursive: true);
        (await EtcdCtl(
            "snapshot", "restore", In("etcd.snapshot"), "--data-dir", EtcdData, "--initial-cluster", $"default={EtcdPeer}",
            "--initial-advertise-peer-urls", EtcdPeer)).Exited(0);
        StartEtcd();
        await StartApiServer(TestContext.Current.CancellationToken);
        await StartControllers(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        foreach (var process in new[] { controllers, apiServer, etcd })
            await (process?.DisposeAsync() ?? ValueTask.CompletedTask);
        folder.Dispose();
    }

    private async Task Start(CancellationToken cancellation)
    {
        using (var key = RSA.Create(2048))
        {
            folder.Write("service-account.key", key.ExportRSAPrivateKeyPem());
            folder.Write("service-account.pub", key.ExportSubjectPublicKeyInfoPem());
        }

        folder.Write("tokens.csv", $"{AdminToken},admin,admin,system:masters\n");
        folder.Write("audit.yaml", """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
              - level: Metadata
                users: ["system:serviceaccount:deployment-orchestrator:dorch-operator"]
              - level: None
            """);
        StartEtcd();
        await StartApiServer(cancellation);
        KubeconfigOf("admin", AdminToken);
        foreach (var crd in Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy", "base", "crds"), "*.yaml"))
            await InstallCrd(await File.ReadAllTextAsync(crd, cancellation));
        await StartControllers(cancellation);
    }

    private void StartEtcd()
    {
        var (client, peer) = ($"http://127.0.0.1:{etcdPort}", EtcdPeer);
        etcd = Run("etcd",
            $"--data-dir={EtcdData}",
            $"--listen-client-urls={client}",
            $"--advertise-client-urls={client}",
            $"--listen-peer-urls={peer}",
            $"--initial-advertise-peer-urls={peer}",
            $"--initial-cluster=default={peer}");
    }

    private async Task StartApiServer(CancellationToken cancellation)
    {
        apiServer = Run("kube-apiserver",
            $"--etcd-servers=http://127.0.0.1:{etcdPort}",
            $"--cert-dir={In("certificates")}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
            $"--secure-port={apiPort}",
            "--service-cluster-ip-range=10.0.0.0/24",
            $"--token-auth-file={In("tokens.csv")}",
            "--authorization-mode=RBAC",
            $"--watch-cache={(HasWatchCache ? "true" : "false")}",
            $"--audit-policy-file={In("audit.yaml")}",
            $"--audit-log-path={AuditLog}",
            // Written before the response is sent: a client with the response finds the call in the log.
            "--audit-log-mode=blocking-strict",
            "--service-account-issuer=https://kubernetes.default.svc",
            $"--service-account-signing-key-file={In("service-account.key")}",
            $"--service-account-key-file={In("service-account.pub")}",
            "--disable-admission-plugins=ServiceAccount");
        await apiServer.Until(async c => File.Exists(In("certificates/apiserver.crt")) && await Trusted().IsReady(c), cancellation);
    }

    // The server creates its own CA at its first start, and appends it to its certificate.
    private ClusterHttp Trusted()
    {
        if (http is not null)
            return http;
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(In("certificates/apiserver.crt"));
        folder.Write("ca.crt", chain[^1].ExportCertificatePem());
        return http = new(Server, chain[^1], AdminToken);
    }

    private async Task StartControllers(CancellationToken cancellation)
    {
        controllers = Run("kube-controller-manager", [
            $"--kubeconfig={Kubeconfig}",
            "--leader-elect=false",
            .. (await Version()).ControllerManagerFlags(),
            "--secure-port=0",
            "--kube-api-qps=1000",
            "--kube-api-burst=1000",
            $"--service-account-private-key-file={In("service-account.key")}",
            $"--root-ca-file={CertificateAuthority}",
        ]);

        // The controllers run once one of them has had an effect.
        await controllers.Until(async c => await Http.IsThere("api/v1/namespaces/default/serviceaccounts/default", c), cancellation);
    }

    private Task<Ended> EtcdCtl(params string[] arguments) => RunningProcess.Run(
        [Path.Combine(assets, "etcdctl"), .. arguments], new Dictionary<string, string>(StringComparer.Ordinal) { ["ETCDCTL_API"] = "3" });

    private GuardedProcess Run(string program, params string[] arguments) =>
        GuardedProcess.Start(In($"{program}.log"), Path.Combine(assets, program), arguments);

    private string In(string name) => Path.Combine(folder.Path, name);
}
