using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>secret-push, on a Secrets Manager that only reads: each of its actions becomes a line with the action's own reason.</summary>
internal sealed class SecretPlanner(
    OwnerDirectory owners, NamespaceDeletion namespaces, IPolicySource? policies, Func<Component, DryRunSecretsManager> secretsManager)
{
    public async Task<DryRun> Run(HandlerRequest request, bool isDeletion, CancellationToken cancellation)
    {
        var secrets = secretsManager(request.Component);
        var actions = new List<(SecretTarget Target, SecretAction Action)>();
        var handler = new SecretPushHandler(secrets, owners, namespaces, policies, (_, target, action) => actions.Add((target, action)));
        var answer = await (isDeletion ? handler.Delete(request, cancellation) : handler.Apply(request, cancellation));
        var config = isDeletion ? null : SecretPushConfigReader.ReadResolved(request.Config, new List<Problem>(), request.Component.Spec.Config);
        var target = config is null ? "secret" : Text(config.SecretName, Region(config));
        // A value that a policy fills in shows in the decision.
        string? Region(SecretPushConfig wanted) =>
            wanted.Region ?? actions.Find(a => a.Target.Name == wanted.SecretName).Target?.Region ?? secrets.DefaultRegion;
        PlanLine Line(string action, string target, ActionReason reason) =>
            new(ObjectKey.Of(request.Component.Metadata), handler.Name, action, target, reason.Text);
        return new(answer, target,
            [.. Pushed(target, config, [.. actions.Select(a => a.Action)], secrets.Changes, Line),
            .. actions.SelectMany(a => Released(a.Target, a.Action, Line))]);
    }

    // The action on the secret that the Component wants, as one line.
    private static IEnumerable<PlanLine> Pushed(
        string target, SecretPushConfig? config, IReadOnlyList<SecretAction> actions, IEnumerable<string> changes,
        Func<string, string, ActionReason, PlanLine> line)
    {
        var done = actions.Where(a => a.IsChange && a is not SecretAction.Delete).ToList();
        if (done is not [var first, ..])
            return actions.Where(a => a is SecretAction.Keep or SecretAction.LeaveToOwner).Select(a => line(a.Name, target, a.Reason));

        var write = done.OfType<SecretAction.WriteValue>().FirstOrDefault();
        // A restore says itself whether a new value follows.
        var reason = first is SecretAction.TakeOver && write is not null
            ? first.Reason with { Text = $"{first.Reason.Text}; then {write.Reason.Text}" } : first.Reason;
        return
        [
            line(first.Name, target, reason) with
            {
                Changes =
                [
                    .. changes,
                    .. write is null ? [] : config!.Fields.Select(field => $"{(write.Creates ? "+" : "~")} {field.Name}: "
                        + (field.Generator is { } generator ? $"generated, {generator.PasswordLength} characters" : "static")),
                ],
            },
        ];
    }

    private static IEnumerable<PlanLine> Released(SecretTarget target, SecretAction action, Func<string, string, ActionReason, PlanLine> line) => action switch
    {
        SecretAction.LeaveInPlace => [line(action.Name, Text(target.Name, target.Region), action.Reason)],
        SecretAction.Delete { RecoveryWindowInDays: var days } =>
        [
            line(action.Name, Text(target.Name, target.Region), action.Reason) with
            {
                Changes = [days == 0 ? "- at once: it cannot be restored" : $"- in {days} days: until then it can be restored"],
            },
        ],
        _ => [],
    };

    private static string Text(string name, string? region) => string.IsNullOrEmpty(region) ? $"secret {name}" : $"secret {name} in {region}";
}
