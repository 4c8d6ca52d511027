using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Graph;

/// <summary>
/// A value for an output whose field nobody fills in here: <c>database.port=5432</c>. JSON keeps its type, so that 5432 is a number and "5432" in quotes a
/// text; everything else is a text as it stands. Pure.
/// </summary>
/// <param name="Namespace">The namespace, where one is named.</param>
/// <param name="Component">The component, by the name in references or by its own.</param>
/// <param name="Output">The output.</param>
/// <param name="Value">The value.</param>
internal sealed record GivenOutput(string? Namespace, string Component, string Output, JsonNode Value)
{
    /// <summary>The value that <c>[namespace/]component.output=value</c> gives; null where the text says none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="problem">What is wrong with it; empty where there is a value.</param>
    public static GivenOutput? Parse(string text, out string problem)
    {
        problem = "";
        var (target, value) = text.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals ? (text[..equals], text[(equals + 1)..]) : (text, "");
        var (place, name) = target.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? (target[..slash], target[(slash + 1)..]) : (null, target);
        // The name of a Component may have dots, that of an output has none.
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
