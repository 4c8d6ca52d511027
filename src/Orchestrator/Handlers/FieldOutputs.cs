using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers;

/// <summary>
/// The outputs that a Component reads from fields of objects, from their current state and the notes of earlier runs. A value that vanishes is kept: a
/// failover must not blank a dependent's config. It is not kept for another object, another path, or an object that was recreated, and neither is a former
/// default: only values with a note in <c>status.applied</c> came from a field. Pure.
/// </summary>
internal sealed class FieldOutputs
{
    /// <summary>The greatest size of one value, in bytes of JSON.</summary>
    public const int MaxValueBytes = 64 * 1024;

    /// <summary>The greatest size of all outputs together, in bytes of JSON: a status has at most 256 KiB.</summary>
    public const int MaxBytes = 192 * 1024;

    /// <summary>The problem of outputs that are too large together.</summary>
    public static string TooLarge(int bytes) => $"the outputs have {bytes} bytes, and at most {MaxBytes} fit into the status: export fewer or smaller values";

    /// <summary>The key of the notes in <c>status.applied</c>.</summary>
    public const string NotesKey = "outputs";

    private const string VanishedKey = "vanished";

    private readonly List<FieldReading> waiting = [];
    private readonly List<FieldReading> defaulted = [];
    private readonly List<FieldReading> kept = [];
    private readonly List<FieldReading> vanished = [];
    private readonly List<Problem> problems = [];

    /// <summary>The known values, by output.</summary>
    public JsonObject Values { get; } = [];

    /// <summary>The notes of values that came from fields, by output: stored under <see cref="NotesKey"/>.</summary>
    public JsonObject Notes { get; } = [];

    /// <summary>The outputs without any value yet.</summary>
    public IReadOnlyList<FieldReading> Waiting => waiting;

    /// <summary>The outputs with their default, until the field has a value.</summary>
    public IReadOnlyList<FieldReading> Defaulted => defaulted;

    /// <summary>The outputs that keep their last value because the field has none any more.</summary>
    public IReadOnlyList<FieldReading> Kept => kept;

    /// <summary>The outputs that keep their last value since this run.</summary>
    public IReadOnlyList<FieldReading> Vanished => vanished;

    /// <summary>Problems that waiting does not solve: a path into a value without such a part, or a value that is too large.</summary>
    public IReadOnlyList<Problem> Problems => problems;

    /// <summary>Collects the outputs.</summary>
    /// <param name="readings">A reading for each output, each name once.</param>
    /// <param name="lastValues">The last <c>providerStatus</c>.</param>
    /// <param name="lastApplied">The last <c>status.applied</c>.</param>
    /// <param name="own">The Component's namespace.</param>
    /// <param name="standIn">A value for an output whose field has none, used before its default; null without such values.</param>
    public static FieldOutputs Collect(
        IReadOnlyList<FieldReading> readings, JsonObject lastValues, JsonObject lastApplied, string own, Func<string, JsonNode?>? standIn = null)
    {
        var outputs = new FieldOutputs();
        var lastNotes = lastApplied[NotesKey] as JsonObject ?? [];
        foreach (var reading in readings)
        {
            var name = reading.Output.Name;
            var note = lastNotes[name] as JsonObject;
            var last = note is not null && reading.Source.IsNotedIn(note, reading.Output.CanonicalPath) ? lastValues[name] : null;
            outputs.Add(reading, last, note, standIn?.Invoke(name), own);
        }

        outputs.Limit();
        return outputs;
    }

    /// <summary>The message while outputs are awaited: <c>waiting for DBInstance orders: status.endpoint.address</c>.</summary>
    public static string WaitingText(IEnumerable<FieldReading> waiting, string own) => $"waiting for {Text(waiting, own)}";

    /// <summary>The message while outputs keep their last values.</summary>
    public static string KeptText(IReadOnlyList<FieldReading> kept, string own) =>
        $"{string.Join(", ", kept.Select(k => k.Output.Name))} {(kept.Count == 1 ? "keeps its last value" : "keep their last values")}, as it is gone from "
            + Text(kept, own);

    /// <summary>The event for an output whose field vanished.</summary>
    public static HandlerEvent KeptEvent(FieldReading vanished, string own) => new(
        "OutputKept", $"{vanished.Output.Name} keeps its last value: {vanished.Source.TextIn(own)} has no {vanished.Output.Path} any more", IsWarning: true);

    /// <summary>What to do if no controllers run that would fill in the field.</summary>
    public static string Remedy(FieldReading waiting, Component component) =>
        $"no controller fills in {waiting.Output.Path} here: write a default, or pass --output {component.ReferenceName()}.{waiting.Output.Name}=value";

    /// <summary>The objects, each with its paths.</summary>
    public static string Text(IEnumerable<FieldReading> readings, string own) => string.Join("; ", readings.GroupBy(r => r.Source.TextIn(own))
        .Select(paths => $"{paths.Key}: {string.Join(", ", paths.Select(r => r.Output.Path.Text).Distinct(StringComparer.Ordinal))}"));

    private void Add(FieldReading reading, JsonNode? last, JsonObject? note, JsonNode? standIn, string own)
    {
        var output = reading.Output;
        var source = reading.Source.TextIn(own);
        if (reading.Problem is { } problem)
            problems.Add(new($"{output.Place}.path", $"{source}: {problem}"));
        if (reading.Value is { } current && Fits(current, output.Place, $"{source}: {output.Path}"))
        {
            Set(output.Name, current, reading.Source.ToNote(output.CanonicalPath));
        }
        else if (last is not null)
        {
            Set(output.Name, last, (JsonObject)note!.DeepClone());
            if (reading is { Source.Uid: not null, Problem: null, Value: null })
                Keep(reading);
        }
        else if ((standIn ?? output.Default) is { } substitute && reading.Value is null)
        {
            if (!Fits(substitute, output.Place, "its default"))
                return;
            Values[output.Name] = substitute.DeepClone();
            if (standIn is null)
                defaulted.Add(reading);
        }
        else if (reading is { Problem: null, Value: null })
        {
            waiting.Add(reading);
        }
    }

    private bool Fits(JsonNode value, string place, string what)
    {
        var bytes = JsonSize.Of(value);
        if (bytes > MaxValueBytes)
            problems.Add(new(place, $"{what} has {bytes} bytes, and at most {MaxValueBytes} are allowed: take a smaller field"));
        return bytes <= MaxValueBytes;
    }

    private void Set(string name, JsonNode value, JsonObject note)
    {
        Values[name] = value.DeepClone();
        Notes[name] = note;
    }

    private void Keep(FieldReading reading)
    {
        kept.Add(reading);
        var note = (JsonObject)Notes[reading.Output.Name]!;
        if (note.ContainsKey(VanishedKey))
            return;
        note[VanishedKey] = true;
        vanished.Add(reading);
    }

    // The braces, and for each output a comma and a colon. Outputs are dropped from the end until the status can be stored.
    private void Limit()
    {
        var bytes = 1 + Values.Sum(value => JsonSize.Of(value.Key) + JsonSize.Of(value.Value) + 2);
        if (bytes <= MaxBytes)
            return;
        problems.Add(new("", TooLarge(bytes)));
        foreach (var (name, value) in Values.Reverse().ToList())
        {
            if (bytes <= MaxBytes)
                break;
            bytes -= JsonSize.Of(name) + JsonSize.Of(value) + 2;
            Values.Remove(name);
            Notes.Remove(name);
        }
    }
}
