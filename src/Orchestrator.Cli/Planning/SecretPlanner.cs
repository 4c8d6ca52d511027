using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>secret-push itself, on a Secrets Manager that only looks: each action that it decides on becomes a line with the action's own reason.</summary>
/// <param name="owners">The other Components.</param>
/// <param name="namespaces">Which Namespaces are terminating.</param>
/// <param name="dryRun">A dry run of one call for a Component.</param>
/// <param name="notes">Takes what would be done.</param>
internal sealed class SecretPlanner(OwnerDirectory owners, NamespaceDeletion namespaces, Func<Component, DryRunSecretsManager> dryRun, PlanNotes notes) : IComponentHandler
{
    /// <inheritdoc/>
    public string Name => SecretPushConfig.HandlerName;

    /// <inheritdoc/>
    public ConfigSchema Schema => SecretPushSchema.Instance;

    /// <inheritdoc/>
    public IReadOnlyList<Problem> Validate(JsonObject config) => SecretPushConfigReader.Validate(config);

    /// <inheritdoc/>
    public async Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation)
    {
        var secrets = dryRun(request.Component);
        var actions = new List<(SecretTarget Target, SecretAction Action)>();
        var answer = await new SecretPushHandler(secrets, owners, namespaces, (target, action) => actions.Add((target, action))).Apply(request, cancellation);
        var config = SecretPushConfigReader.ReadResolved(request.Config, new List<Problem>(), request.Component.Spec.Config);
        var target = config is null ? "secret" : Text(config.SecretName, config.Region ?? secrets.DefaultRegion);
        notes.Set(request.Component, isDeletion: false,
        [
            .. Pushed(request.Component, target, config, [.. actions.Select(a => a.Action)], secrets.Calls),
            .. Released(request.Component, actions),
            .. PlanNotes.OfAnswer(request.Component, target, answer),
        ]);
        // What it waits for and what has to be mended hold up those that need its outputs, as they would then.
        // A Component that it follows may be the cluster's, whose version is no version of the memory.
        return answer with { Watches = [.. answer.Watches.Select(w => w with { SeenVersion = null })] };
    }

    /// <inheritdoc/>
    public async Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation)
    {
        var actions = new List<(SecretTarget Target, SecretAction Action)>();
        var answer = await new SecretPushHandler(dryRun(request.Component), owners, namespaces, (target, action) => actions.Add((target, action))).Delete(request, cancellation);
        notes.Set(request.Component, isDeletion: true, [.. Released(request.Component, actions), .. PlanNotes.OfAnswer(request.Component, "secret", answer)]);
        return new HandlerAnswer.Done();
    }

    // What is done to the secret that the Component wants, as one line.
    private IEnumerable<PlanLine> Pushed(
        Component component, string target, SecretPushConfig? config, IReadOnlyList<SecretAction> actions, IReadOnlyList<PlannedCall> calls)
    {
        PlanLine Line(string action, string reason) => new(ObjectKey.Of(component.Metadata), Name, action, target, reason);
        var done = actions.Where(a => a is SecretAction.WriteValue or SecretAction.WriteMetadata or SecretAction.Restore or SecretAction.TakeOver).ToList();
        if (done.Count == 0)
        {
            if (actions.FirstOrDefault(a => a is SecretAction.Keep or SecretAction.LeaveToOwner) is { } left)
                yield return Line(PlanAction.Leave, left.Reason.Text);
            yield break;
        }

        var write = done.OfType<SecretAction.WriteValue>().FirstOrDefault();
        var (first, last) = (done[0], done[^1]);
        // A restore names the value that follows it, and tags follow any of them.
        var isAll = first is not SecretAction.TakeOver || last is not SecretAction.WriteValue;
        yield return Line(
            first switch
            {
                SecretAction.WriteValue { Creates: true } => PlanAction.Create,
                SecretAction.Restore => PlanAction.Restore,
                SecretAction.TakeOver => PlanAction.TakeOver,
                _ => PlanAction.Update,
            },
            isAll ? first.Reason.Text : $"{first.Reason.Text}; then {last.Reason.Text}") with
            {
                Changes =
                [
                    .. calls.SelectMany(c => c.Changes),
                    .. write is null ? [] : config!.Fields.Select(field => $"{(write.Creates ? "+" : "~")} {field.Name}: "
                        + (field.Generator is { } generator ? $"generated, {generator.PasswordLength} characters" : "static")),
                ],
            };
    }

    private IEnumerable<PlanLine> Released(Component component, IEnumerable<(SecretTarget Target, SecretAction Action)> actions)
    {
        foreach (var (target, action) in actions)
        {
            PlanLine Line(string kind) => new(ObjectKey.Of(component.Metadata), Name, kind, Text(target.Name, target.Region), action.Reason.Text);
            if (action is SecretAction.LeaveInPlace)
                yield return Line(PlanAction.Leave);
            else if (action is SecretAction.Delete { RecoveryWindowInDays: var days })
                yield return Line(PlanAction.Delete) with { Changes = [days == 0 ? "- at once: it cannot be restored" : $"- in {days} days: until then it can be restored"] };
        }
    }

    private static string Text(string name, string? region) => string.IsNullOrEmpty(region) ? $"secret {name}" : $"secret {name} in {region}";
}
