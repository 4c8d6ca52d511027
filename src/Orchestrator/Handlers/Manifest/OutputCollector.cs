using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>Collects the outputs of one run and adds them to its answer.</summary>
/// <param name="outputs">The outputs of the config.</param>
/// <param name="request">The handler's request.</param>
/// <param name="standIn">A value for an output whose field has none; null without such values.</param>
/// <param name="seen">Receives the collected outputs.</param>
internal sealed class OutputCollector(
    IReadOnlyList<ManifestOutput> outputs, HandlerRequest request, Func<string, JsonNode?>? standIn, Action<FieldOutputs>? seen = null)
{
    private readonly Dictionary<string, FieldReading> readings = new(StringComparer.Ordinal);
    private readonly string own = request.Component.Metadata.Namespace ?? "";

    /// <summary>Whether there are outputs now, or were at the last run.</summary>
    public bool AreAny => outputs.Count > 0 || request.Applied.ContainsKey(FieldOutputs.NotesKey);

    /// <summary>The last applied state without the notes of outputs.</summary>
    public JsonObject Last
    {
        get
        {
            var last = (JsonObject)request.Applied.DeepClone();
            last.Remove(FieldOutputs.NotesKey);
            return last;
        }
    }

    /// <summary>Reads the outputs of an object that was applied or read.</summary>
    public IReadOnlyList<FieldReading> Read(ManifestObject manifest, InventoryEntry entry, JsonObject live)
    {
        IReadOnlyList<FieldReading> read = [.. Of(manifest).Select(o => FieldReading.Of(o.Field, entry.Type, entry.Key, live))];
        Take(read);
        return read;
    }

    /// <summary>Reuses the readings of an object that has not changed.</summary>
    public void Take(IReadOnlyList<FieldReading> read)
    {
        foreach (var reading in read)
            readings[reading.Output.Name] = reading;
    }

    /// <summary>Adds the outputs to an answer: without all of its outputs it is not done.</summary>
    /// <param name="answer">The answer without outputs.</param>
    /// <param name="providerStatus">The handler's own outputs.</param>
    /// <param name="applied">The handler's own applied state.</param>
    /// <param name="rule">When an applied object is ready.</param>
    public HandlerAnswer Complete(HandlerAnswer answer, JsonObject providerStatus, JsonObject applied, ReadinessRule rule)
    {
        var collected = FieldOutputs.Collect(
            [.. outputs.Select(o => readings.GetValueOrDefault(o.Field.Name) ?? Unseen(o))], request.ProviderStatus, request.Applied, own, standIn);
        seen?.Invoke(collected);
        foreach (var (name, value) in collected.Values)
            providerStatus[name] = value?.DeepClone();
        if (collected.Notes.Count > 0)
            applied[FieldOutputs.NotesKey] = collected.Notes.DeepClone();
        return Judge(answer, collected, rule) with
        {
            ProviderStatus = providerStatus,
            Applied = applied,
            Events = [.. answer.Events, .. collected.Vanished.Select(v => FieldOutputs.KeptEvent(v, own))],
        };
    }

    /// <summary>The applied state to store before a write: notes of last values are kept.</summary>
    public JsonObject Remember(JsonObject applied)
    {
        if (request.Applied[FieldOutputs.NotesKey] is { } notes)
            applied[FieldOutputs.NotesKey] = notes.DeepClone();
        return applied;
    }

    private HandlerAnswer Judge(HandlerAnswer answer, FieldOutputs collected, ReadinessRule rule)
    {
        var isWhole = outputs.All(o => collected.Values.ContainsKey(o.Field.Name));
        return answer switch
        {
            HandlerAnswer.Done or HandlerAnswer.InProgress when collected.Problems.Count > 0 =>
                new HandlerAnswer.Failed(FailureKind.Conflict, collected.Problems) { Memo = answer.Memo, Watches = answer.Watches },
            // If values can be given, a user has to give one: waiting does not help.
            HandlerAnswer.Done when collected.Waiting.Count > 0 && rule == ReadinessRule.WhenApplied && standIn is not null =>
                new HandlerAnswer.Failed(FailureKind.Conflict, Waiting(collected.Waiting, rule)) { Memo = answer.Memo, Watches = answer.Watches },
            HandlerAnswer.Done when collected.Waiting.Count > 0 =>
                Wait(Waiting(collected.Waiting, rule), answer),
            HandlerAnswer.InProgress waiting when collected.Waiting.Count > 0 =>
                waiting with { Message = MessageText.Limit($"{Waiting(collected.Waiting, rule)}; {answer.Message}") },
            HandlerAnswer.Done when collected.Kept.Count > 0 => answer with { Message = $"{answer.Message}; {FieldOutputs.KeptText(collected.Kept, own)}" },

            // A Ready Component stays Ready through a transient failure, but not without one of its outputs.
            HandlerAnswer.Failed { Kind: FailureKind.Transient } failed when !isWhole && request.Component.IsReady() =>
                Wait($"{Waiting(collected.Waiting, rule)}; {failed.Problems[0]}", answer),
            _ => answer,
        };
    }

    private string Waiting(IReadOnlyList<FieldReading> waiting, ReadinessRule rule)
    {
        var text = FieldOutputs.WaitingText(waiting, own);
        if (rule != ReadinessRule.WhenApplied || waiting.Count == 0)
            return text;
        return $"{text}; {FieldOutputs.Remedy(waiting[0], request.Component)}";
    }

    private static HandlerAnswer.InProgress Wait(string message, HandlerAnswer answer) =>
        new(RecheckDelay.Missing) { Message = MessageText.Limit(message), Memo = answer.Memo, Watches = answer.Watches };

    private IEnumerable<ManifestOutput> Of(ManifestObject manifest) => outputs.Where(o => o.Object.Path == manifest.Path);

    private FieldReading Unseen(ManifestOutput output) =>
        FieldReading.Unseen(output.Field, output.Object.Type, output.Object.In(own, isNamespaced: true).Key);
}
