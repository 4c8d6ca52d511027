using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.ConfigReader;

/// <summary>Reads all sources of a Component once.</summary>
internal sealed class ConfigReading(
    SourceAccess access, HandlerRequest request, ConfigReaderConfig config, Func<string, JsonNode?> standIn, bool hasNoControllers,
    Action<FieldOutputs>? collected)
{
    private readonly string own = request.Component.Metadata.Namespace ?? "";
    private readonly Dictionary<ConfigSource, ObjectKey> places = [];
    private readonly Dictionary<ObjectId, JsonObject?> found = [];
    private readonly List<Problem> unserved = [];
    private readonly List<ResourceType> awaited = [];

    /// <summary>Reads them.</summary>
    public async Task<HandlerAnswer> Run(CancellationToken cancellation)
    {
        var answer = await Find(cancellation) ?? await Read(cancellation) ?? Collect();
        return answer with { Watches = [.. Watches()] };
    }

    // Locates each source. Nothing is read unless all sources may be read.
    private async Task<HandlerAnswer?> Find(CancellationToken cancellation)
    {
        var (wrong, denied) = (new List<Problem>(), new List<Problem>());
        foreach (var source in config.Sources)
        {
            if (access.Unreadable(source) is { } unreadable)
            {
                denied.Add(unreadable);
                continue;
            }

            var key = source.KeyIn(own);
            try
            {
                key = await access.Place(source, cancellation);
                places[source] = key;
            }
            catch (ResourceException e) when (e.Error == ResourceError.NotServed)
            {
                NotServed(source, e);
            }
            catch (ResourceException e)
            {
                return await access.Explain(e, source, key, cancellation);
            }

            if (places.ContainsKey(source) && access.Refusal(source, key) is { } refusal)
                (refusal.Kind == FailureKind.Denied ? denied : wrong).Add(refusal.Problem);
        }

        return wrong.Count > 0 ? new HandlerAnswer.Failed(FailureKind.InvalidConfig, wrong)
            : denied.Count > 0 ? new HandlerAnswer.Failed(FailureKind.Denied, denied)
            : null;
    }

    private void NotServed(ConfigSource source, ResourceException failure)
    {
        places.Remove(source);
        awaited.Add(source.Type);
        if (failure.Details.Count > 0)
            unserved.Add(UnservedKind.OtherVersion(failure, source.Type, source.Path));
    }

    // Missing rights are reported for all sources; any other failure for the first.
    private async Task<HandlerAnswer?> Read(CancellationToken cancellation)
    {
        var denied = new List<Problem>();
        foreach (var source in config.Sources.Where(places.ContainsKey))
        {
            var id = new ObjectId(source.Type, places[source]);
            if (found.ContainsKey(id))
                continue;
            try
            {
                found[id] = await access.To(source).Store.Get(id.Type, id.Key, cancellation);
            }
            catch (ResourceException e) when (e.Error == ResourceError.NotServed)
            {
                NotServed(source, e);
            }
            catch (ResourceException e)
            {
                var failed = await access.Explain(e, source, id.Key, cancellation);
                if (failed.Kind != FailureKind.Denied)
                    return failed;
                denied.AddRange(failed.Problems);
            }
        }

        return denied.Count > 0 ? new HandlerAnswer.Failed(FailureKind.Denied, denied)
            // Rejected and not InvalidConfig: the cluster may serve the version later.
            : unserved.Count > 0 ? new HandlerAnswer.Failed(FailureKind.Rejected, unserved) { RecheckAfter = HasNewKind ? RecheckDelay.NewKind : null }
            : null;
    }

    private HandlerAnswer Collect()
    {
        var (keys, missing, problems) = (new JsonObject(), new List<ObjectKey>(), new List<Problem>());
        var (readings, ofKeys) = (new List<FieldReading>(), collected is null ? null : new List<FieldReading>());
        foreach (var source in config.Sources)
        {
            var key = places.TryGetValue(source, out var place) ? place : source.KeyIn(own);
            var live = found.GetValueOrDefault(new(source.Type, key));
            readings.AddRange(source.Exports.Where(e => e.Field is not null).Select(e => FieldReading.Of(e.Field!, source.Type, key, live)));
            ofKeys?.AddRange(source.Exports.Where(e => e.Key is not null).Select(e => FieldReading.Of(e.KeyAsField(), source.Type, key, live)));
            var rest = WithoutGiven(source, live, keys);
            if (live is not null)
                ConfigMapValues.Export(live, rest, keys, problems);
            else if (rest.Exports.Any(e => e.Key is not null))
                missing.Add(key);
        }

        var fields = FieldOutputs.Collect(readings, request.ProviderStatus, request.Applied, own, standIn);
        collected?.Invoke(FieldOutputs.Collect([.. readings, .. ofKeys!], request.ProviderStatus, request.Applied, own, standIn));

        // Conflict and not InProgress: a ConfigMap that exists without the key is most likely a typo, to be reported now and not when the deployment timeout
        // expires. Nor InvalidConfig: the object may be the one that is wrong, and its change must heal the Component.
        problems.AddRange(fields.Problems);
        if (problems.Count > 0)
            return new HandlerAnswer.Failed(FailureKind.Conflict, problems);
        if (awaited.Count > 0 || missing.Count > 0 || fields.Waiting.Count > 0)
            return Wait(missing, fields);
        var outputs = new JsonObject();
        foreach (var export in config.Sources.SelectMany(s => s.Exports))
            outputs[export.Output] = (export.Key is null ? fields.Values : keys)[export.Output]!.DeepClone();
        return Done(outputs, fields);
    }

    // The keys that the ConfigMap does not have and for which a value is given. All values of a ConfigMap are text.
    private ConfigSource WithoutGiven(ConfigSource source, JsonObject? live, JsonObject keys)
    {
        var data = live?[ConfigMapValues.Data] as JsonObject ?? [];
        foreach (var export in source.Exports.Where(e => e.Key is { } key && !data.ContainsKey(key)))
        {
            if (standIn(export.Output) is { } given)
                keys[export.Output] = JsonText.Of(given) ?? given.ToJsonString();
        }

        return source with { Exports = [.. source.Exports.Where(e => e.Key is null || !keys.ContainsKey(e.Output))] };
    }

    private HandlerAnswer Wait(List<ObjectKey> missing, FieldOutputs fields)
    {
        var waits = new List<string>();
        if (awaited.Count > 0)
            waits.Add(UnservedKind.Waiting(awaited));
        if (missing.Count > 0)
            waits.Add($"waits for ConfigMap {string.Join(" and ", missing.Distinct())}");

        // If the kind is not served, the object is missing, too: report the kind only.
        var waiting = fields.Waiting.Where(w => !awaited.Any(t => (t.Group, t.Kind) == (w.Source.Group, w.Source.Kind))).ToList();
        if (waiting.Count > 0)
            waits.Add(FieldOutputs.WaitingText(waiting, own));
        if (hasNoControllers && waiting.Count > 0)
            waits.Add(FieldOutputs.Remedy(waiting[0], request.Component));

        // The objects exist, so a user has to fill in the field: waiting does not help.
        if (hasNoControllers && awaited.Count + missing.Count == 0 && waiting.TrueForAll(w => w.Source.Uid is { Length: > 0 }))
            return new HandlerAnswer.Failed(FailureKind.Conflict, string.Join("; ", waits));
        return new HandlerAnswer.InProgress(awaited.Count == 0 ? RecheckDelay.Steady : HasNewKind ? RecheckDelay.NewKind : RecheckDelay.Missing)
        {
            Message = MessageText.Limit(string.Join("; ", waits)),
        };
    }

    private HandlerAnswer Done(JsonObject outputs, FieldOutputs fields)
    {
        if (JsonSize.Of(outputs) is > FieldOutputs.MaxBytes and var bytes)
        {
            return new HandlerAnswer.Failed(FailureKind.Conflict,
                FieldOutputs.TooLarge(bytes));
        }

        var values = outputs.Count == 1 ? "1 value" : $"{outputs.Count} values";
        return new HandlerAnswer.Done(RecheckDelay.Steady)
        {
            ProviderStatus = outputs,
            // Keys need no applied state, so a Component that reads keys only has none.
            Applied = fields.Notes.Count > 0 ? new() { [FieldOutputs.NotesKey] = fields.Notes.DeepClone() }
                : request.Applied.ContainsKey(FieldOutputs.NotesKey) ? [] : null,
            Message = fields.Kept.Count == 0 ? $"Read {values}" : MessageText.Limit($"Read {values}; {FieldOutputs.KeptText(fields.Kept, own)}"),
            Events = [.. fields.Vanished.Select(v => FieldOutputs.KeptEvent(v, own))],
        };
    }

    private bool HasNewKind => KindDefinitions.HasOne(request.Changed);

    // Sources that were not read are watched as well, where allowed: a right may be granted later, or a change may heal a refusal.
    private IEnumerable<WatchedResource> Watches() =>
    [
        .. config.Sources.Where(places.ContainsKey).Where(s => access.Refusal(s, places[s]) is null)
            .Select(s => new WatchedResource(s.Type, places[s], SeenVersion(new(s.Type, places[s])), access.To(s).Account)).Distinct(),
        .. awaited.SelectMany(KindDefinitions.Of).Distinct(),
    ];

    private string? SeenVersion(ObjectId id) =>
        found.TryGetValue(id, out var live) ? JsonText.Of(live?["metadata"], "resourceVersion") ?? "0" : null;
}
