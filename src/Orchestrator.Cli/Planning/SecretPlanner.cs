using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>secret-push itself, on a Secrets Manager that only looks: what it would have written is noted with the reason.</summary>
/// <param name="peers">The other Components.</param>
/// <param name="namespaces">Which namespaces are terminating.</param>
/// <param name="rehearsal">A rehearsal of one call for a Component.</param>
/// <param name="notes">Takes what would be done.</param>
/// <param name="isAsked">Whether AWS is asked; otherwise what is remembered counts.</param>
internal sealed class SecretPlanner(
    OwnerDirectory peers, NamespaceDeletion namespaces, Func<Component, SecretsRehearsal> rehearsal, PlanNotes notes, bool isAsked) : IComponentHandler
{
    /// <inheritdoc/>
    public string Name => SecretPushHandler.HandlerName;

    /// <inheritdoc/>
    public ConfigSchema Schema => SecretPushSchema.Instance;

    /// <inheritdoc/>
    public IReadOnlyList<Problem> Validate(JsonObject config) => SecretPushConfigReader.Validate(config);

    /// <inheritdoc/>
    public async Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation)
    {
        var secrets = rehearsal(request.Component);
        var answer = await new SecretPushHandler(secrets, peers, namespaces).Apply(request, cancellation);
        var config = SecretPushConfigReader.ReadResolved(request.Config, new List<Problem>(), request.Component.Spec.Config);
        notes.Set(request.Component, isDeletion: false, config is null
            ? [.. PlanNotes.OfAnswer(request.Component, "secret", answer)]
            : [.. Lines(request, config, secrets, answer)]);
        // What it waits for and what has to be mended hold up those that need its outputs, as they would then.
        // A Component that it follows may be the cluster's, whose version is no version of the memory.
        return answer with { Watches = [.. answer.Watches.Select(w => w with { SeenVersion = null })] };
    }

    /// <inheritdoc/>
    public async Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation)
    {
        var secrets = rehearsal(request.Component);
        var answer = await new SecretPushHandler(secrets, peers, namespaces).Delete(request, cancellation);
        notes.Set(request.Component, isDeletion: true,
        [
            .. Released(request.Component, secrets.Deeds, answer.Events, "the Component goes, and deletionPolicy is Delete"),
            .. PlanNotes.OfAnswer(request.Component, "secret", answer),
        ]);
        return new HandlerAnswer.Done();
    }

    private IEnumerable<PlanLine> Lines(HandlerRequest request, SecretPushConfig config, SecretsRehearsal secrets, HandlerAnswer answer)
    {
        var (component, key) = (request.Component, ObjectKey.Of(request.Component.Metadata));
        var region = config.Region ?? secrets.DefaultRegion;
        var target = $"secret {config.SecretName}{(region is null ? "" : $" in {region}")}";
        var own = secrets.Deeds.Where(d => d.Kind != SecretDeedKind.Delete).ToList();
        if (own.Count > 0)
        {
            var adopted = answer.Events.Any(e => e.Reason == "SecretAdopted");
            yield return new(key, Name, Action(own, adopted), target, SecretReason.Of(request, config, own, answer, peers.Owner(request.Component), isAsked))
            {
                Changes = [.. own.SelectMany(d => d.Changes ?? []), .. own.Any(d => d.Token is not null) ? Fields(config, own[^1]) : []],
            };
        }
        else if (answer is HandlerAnswer.Done)
        {
            yield return new(key, Name, PlanAction.Leave, target, SecretReason.Of(request, config, own, answer, peers.Owner(request.Component), isAsked));
        }

        foreach (var line in Released(component, secrets.Deeds, answer.Events, "the Component names another secret now, and deletionPolicy is Delete"))
            yield return line;
        foreach (var line in PlanNotes.OfAnswer(component, target, answer))
            yield return line;
    }

    private static string Action(IReadOnlyList<SecretDeed> deeds, bool adopted) =>
        deeds.Any(d => d.Kind == SecretDeedKind.Create) ? PlanAction.Create
        : deeds.Any(d => d.Kind == SecretDeedKind.Restore) ? PlanAction.Restore
        : adopted ? PlanAction.TakeOver
        : PlanAction.Update;

    private static IEnumerable<string> Fields(SecretPushConfig config, SecretDeed deed) => config.Fields.Select(field =>
        $"{(deed.Before is null ? "+" : "~")} {field.Name}: "
        + (field.Generator is { } generator ? $"generated, {generator.PasswordLength} characters" : "static"));

    private static IEnumerable<PlanLine> Released(Component component, IEnumerable<SecretDeed> deeds, IEnumerable<HandlerEvent> events, string reason)
    {
        var key = ObjectKey.Of(component.Metadata);
        var told = events.Where(e => e.Reason is "SecretDeleted" or "SecretLeft").ToList();
        foreach (var deed in deeds.Where(d => d.Kind == SecretDeedKind.Delete))
        {
            var how = told.Find(e => e.Reason == "SecretDeleted" && e.Message.Contains(deed.Name, StringComparison.Ordinal))?.Message;
            yield return new(key, SecretPushHandler.HandlerName, PlanAction.Delete, $"secret {deed.Name} in {deed.Region}", how is null ? reason : $"{reason}: {SecretReason.AsPlan(how)}");
        }

        foreach (var left in told.Where(e => e.Reason == "SecretLeft"))
            yield return new(key, SecretPushHandler.HandlerName, PlanAction.Leave, "secret", SecretReason.AsPlan(left.Message));
    }
}
