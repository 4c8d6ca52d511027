using System.CommandLine;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Planning;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Planning;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager.Sdk;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch plan PATH…</c></summary>
internal sealed class PlanCommand : ExplainedCommand
{
    public PlanCommand(CommandContext context)
        : base(context, "plan",
            "Show what `dorch up` or `kubectl apply` of the files would create, update, restore, delete or leave, and why. Writes and generates nothing.")
    {
        const string WithoutThem = "without them nothing is queried";
        var paths = With(Parameters.Paths());
        var aws = With(new Option<bool>("--aws")
        {
            Description = "Compare with the secrets in AWS, with the standard environment variables and profiles; needs --cluster-id, or --cluster",
        });
        var cluster = With(new Option<bool>("--cluster") { Description = "Compare with a cluster, as kubectl apply would change it" });
        var reached = new ClusterOptions(this);
        var clusterId = With(Parameters.ClusterId("The owner of the secrets in AWS (default with --cluster: the uid of the namespace kube-system)"));
        var former = With(Parameters.FormerClusterIds());
        var quotaShare = With(Parameters.QuotaShare("With --aws: the share of AWS's request quotas to use at most"));
        var required = With(Parameters.RequirePolicy("The operator runs with --require-policy: a namespace that no SecretPolicy selects has no secrets"));
        var output = With(RunOutput.Option("Print a table, or the plan as one object (default table)"));
        this.Needs(reached.Kubeconfig, "without it no cluster is queried", cluster);
        this.Needs(reached.Context, "without it no cluster is queried", cluster);
        this.Needs(quotaShare, "without it AWS is not called", aws);
        this.Needs(aws, Parameters.WhyClusterId, clusterId, cluster);
        this.Needs(clusterId, WithoutThem, aws, cluster);
        this.Needs(former, WithoutThem, aws, cluster);
        Validators.Add(result =>
        {
            if (result.GetValue(cluster) && result.GetValue(output)?.Given.IsEmpty == false)
                result.AddError("--output component.name=value cannot be combined with --cluster: there the controllers fill in what outputs are taken from");
        });

        Runs((parsed, cancellation) => ClusterOptions.Run(context, () => new PlanRun(
            context,
            new(parsed.GetRequiredValue(paths), context.Input),
            parsed.GetValue(cluster) ? () => reached.Find(parsed, context) : null,
            new(parsed.GetValue(aws), parsed.GetValue(clusterId), parsed.GetRequiredValue(former), parsed.GetValue(quotaShare)),
            parsed.GetValue(required),
            parsed.GetValue(output) ?? RunOutput.Default).Run(cancellation)));
    }

    public override IReadOnlyList<string> Examples =>
    [
        "dorch plan examples/myapp",
        "AWS_PROFILE=dev dorch plan examples/myapp --aws --cluster-id laptop-of-ada",
        "dorch plan examples/myapp --cluster --aws -o json",
    ];
}

/// <summary>One run of <c>dorch plan</c>: the controllers work in memory on what is there, with handlers that only look.</summary>
internal sealed class PlanRun(
    CommandContext context, ManifestSource source, Func<ClusterConnection>? findCluster, AwsAccess aws, bool requiresPolicy, RunOutput output)
{
    private readonly Terminal terminal = context.Terminal;

    public async Task<int> Run(CancellationToken cancellation)
    {
        var files = await new ManifestLoader(source, LocalCluster.HandlersForValidation(context.Time), output.Given).LoadAsync(cancellation);
        DiagnosticWriter.Write(files.Diagnostics, terminal);
        if (files.HasErrors)
            return ExitCode.Invalid;
        using var cluster = findCluster?.Invoke();
        return await Plan(files, cluster, cancellation);
    }

    private async Task<int> Plan(ManifestSet files, ClusterConnection? cluster, CancellationToken cancellation)
    {
        var clusterId = aws.ClusterId ?? await KubeSystemUid(cluster?.Store, cancellation);
        var world = new PlannedWorld(context.Time, cluster?.Store, (type, key) =>
            aws.IsAsked && cluster is null ? LocalCluster.SameUid(clusterId, type, key) : Guid.CreateVersion7(context.Time.GetUtcNow()).ToString());
        var seed = cluster is null ? null : new ClusterSeed(cluster.Store, world);
        if (seed is not null)
            await seed.Run(files.Resources, cluster!.Namespace, cancellation);
        else if (await new ResourceApply(world.Store).Apply(files.Resources, cancellation) is { Count: > 0 } refused)
        {
            DiagnosticWriter.Write(refused, terminal);
            return ExitCode.Invalid;
        }

        using var clients = new SecretsManagerClients(context.Aws with { QuotaShare = aws.QuotaShare, TimeProvider = context.Time });
        var region = clients.DefaultRegion ?? (aws.IsAsked || cluster is not null ? null : LocalCluster.EmbeddedRegion);
        var handlers = LocalCluster.HandlersForValidation(context.Time);
        var notes = new PlanNotes();
        var (policies, unread) = await PlannedPolicies.Read(
            files.Resources, cluster?.Store, cluster is null ? aws.ClusterId : clusterId, requiresPolicy, cancellation);
        DiagnosticWriter.Write(Diagnostic.InFileOrder(policies?.Check(files.Resources) ?? []), terminal);
        var planned = new PlannedHandlers(
            world, clusterId, aws.FormerClusterIds, seed, aws.IsAsked ? clients : null, region, handlers, Foreign(files, seed, handlers.Names), policies,
            output.Given, notes, context.Time);
        var state = await PlanningControllers.Run(world.Store, planned.Create, context.Time, cancellation);
        var report = new PlanReport(
            seed?.Before ?? new Dictionary<ObjectKey, Component>(), state.Components, c => PlanningControllers.Decide(c, state.Components).Rows, notes,
            cluster is not null, handlers.Names, StandardHandlers.SchemaOf);
        var lines = Lines(files, seed, state, report, cluster?.Namespace ?? "default");

        foreach (var line in Hints(cluster is not null, unread).Concat((seed?.Unreadable ?? []).Select(ClusterOptions.LeftOut)))
            await terminal.Error.WriteLineAsync(line);
        ResultWriter.Write(terminal, output.Format, () => PlanOutput.Of(lines), PlanOutput.Lines(lines), () => PlanOutput.Json(lines));
        foreach (var failure in state.Failures)
            await terminal.Error.WriteLineAsync($"dorch: {failure}");
        return lines.Any(l => PlanAction.IsBad(l.Action)) || state.Failures.Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static IReadOnlyList<string> Foreign(ManifestSet files, ClusterSeed? seed, IReadOnlyCollection<string> ours)
    {
        var named = files.Resources.SelectMany(r => r.NamedHandlers()).Select(handler => handler.Name);
        var there = (seed?.Before.Values ?? []).SelectMany(c => (string?[])[c.Spec.Handler, ApiGroup.Claimant(c.Metadata)]);
        return [.. named.Concat(there).OfType<string>().Distinct(StringComparer.Ordinal).Except(ours, StringComparer.Ordinal)];
    }

    private static IReadOnlyList<PlanLine> Lines(ManifestSet files, ClusterSeed? seed, RunEnd state, PlanReport report, string defaultNamespace)
    {
        var keys = files.Resources.ToLookup(r => r.Type, r => new ObjectKey(r.Namespace ?? defaultNamespace, r.Name!));
        return
        [
            .. seed?.Lines ?? [],
            .. StatusRow.InOrder(state.Compositions, c => c.Metadata)
                .Where(c => keys[ResourceType.Composition].Contains(ObjectKey.Of(c.Metadata))).SelectMany(report.Of),
            .. report.Of(seed?.Affected ?? [.. keys[ResourceType.Component]]),
        ];
    }

    private IEnumerable<string> Hints(bool isCluster, string? unread)
    {
        if (!aws.IsAsked)
            yield return isCluster ? "dorch: AWS was not queried, so secrets show as the Components' status has them: add --aws"
                : "dorch: no cluster and no AWS were queried, so everything shows as new: add --aws or --cluster";
        if (unread is not null)
            yield return $"dorch: {unread}";
    }

    private static async Task<string> KubeSystemUid(IResourceStore? cluster, CancellationToken cancellation)
    {
        if (cluster is null)
            return "embedded";
        return (string?)(await cluster.Get(ResourceType.Namespace, new(null, "kube-system"), cancellation))?["metadata"]?["uid"]
            ?? throw new ResourceException(ResourceError.NotFound, "there is no namespace kube-system: say who the cluster is with --cluster-id");
    }
}

/// <summary>
/// How <c>dorch plan</c> looks at AWS, if it does, and as whom: a null id is the cluster itself, and the former ones are from before it was rebuilt.
/// </summary>
internal sealed record AwsAccess(bool IsAsked, string? ClusterId, IReadOnlyList<string> FormerClusterIds, double QuotaShare);
