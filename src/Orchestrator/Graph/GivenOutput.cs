using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Graph;

/// <summary>
/// A value for an output that no controller fills in: <c>database.port=5432</c>. JSON keeps its type, so that 5432 is a number and "5432" in quotes is text;
/// anything else is text. Pure.
/// </summary>
/// <param name="Namespace">The namespace, if given.</param>
/// <param name="Component">The component, by its reference name or its object name.</param>
/// <param name="Output">The output.</param>
/// <param name="Value">The value.</param>
internal sealed record GivenOutput(string? Namespace, string Component, string Output, JsonNode Value)
{
    /// <summary>Parses <c>[namespace/]component.output=value</c>; null if it has another form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="problem">What is wrong with it; empty if it is valid.</param>
    public static GivenOutput? Parse(string text, out string problem)
    {
        problem = "";
        var (target, value) = text.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals ? (text[..equals], text[(equals + 1)..]) : (text, "");
        var (place, name) = target.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? (target[..slash], target[(slash + 1)..]) : (null, target);
        // The name of a Component may have dots; the name of an output has none.
        if (name.LastIndexOf('.') is var dot && (dot <= 0 || dot == name.Length - 1 || place is "" || name.Contains('/', StringComparison.Ordinal)))
            problem = "write component.name=value, such as database.endpoint=db.example.com";
        else if (value.Length == 0)
            problem = $"has no value: write {target}=VALUE";
        else
            return new(place, name[..dot], name[(dot + 1)..], Reference.ParseJson(value) ?? JsonValue.Create(value));
        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Namespace is null ? "" : $"{Namespace}/")}{Component}.{Output}";
}
