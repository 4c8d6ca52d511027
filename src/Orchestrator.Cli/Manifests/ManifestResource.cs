using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>A resource as the user wrote it, and where.</summary>
/// <param name="Content">The resource; <c>apiVersion</c> and <c>kind</c> are strings, the rest is as the user wrote it.</param>
/// <param name="Map">The positions in its document.</param>
/// <param name="Path">Its path in the document: empty, or <c>items[2]</c> in a List.</param>
internal sealed record ManifestResource(JsonObject Content, SourceMap Map, string Path)
{
    public ResourceType Type => ResourceType.Of(Content);

    /// <summary>Its name; null if it has none.</summary>
    public string? Name => JsonText.Of(Content["metadata"], "name");

    /// <summary>Its namespace; null if it has none or an empty one.</summary>
    public string? Namespace => JsonText.NotEmpty(Content["metadata"], "namespace");

    /// <summary>Its namespace if its kind is namespaced.</summary>
    public string NamespaceOrDefault => Namespace ?? "default";

    /// <summary>The handler of a Component, or of each entry of a Composition; none for other kinds.</summary>
    public IEnumerable<NamedHandler> NamedHandlers()
    {
        var spec = Content["spec"] as JsonObject;
        return Type == ResourceType.Component ? [new(null, JsonText.NotEmpty(spec, "handler"), "spec.handler", spec?["config"], "spec.config")]
            : Type == ResourceType.Composition && spec?["components"] is JsonArray entries ? entries.Select((entry, i) => new NamedHandler(
                JsonText.NotEmpty(entry, "name"), JsonText.NotEmpty(entry, "type"), $"spec.components[{i}].type",
                (entry as JsonObject)?["config"], $"spec.components[{i}].config"))
            : [];
    }

    /// <summary>A problem of the resource at its position, with the value as written where the message shows it differently.</summary>
    public Diagnostic Locate(Problem problem)
    {
        var path = Problem.Join(Path, problem.Path);
        return new(Map.Locate(path), Map.Written(path) is { } written ? problem with { Message = Message(problem, written) } : problem);
    }

    private static string Message(Problem problem, (string Text, bool IsAsJson) written) =>
        problem.WrongWithoutQuotes is { } wrong ? $"{wrong}: quote it: \"{written.Text}\""
        : written.IsAsJson ? problem.Message
        : $"{problem.Message} (written as {written.Text})";
}

/// <summary>
/// A handler as a file names it, and the paths: its name, and the config of any shape. The entry is null for a Component. An empty text, or a value that
/// is not text, is null.
/// </summary>
internal sealed record NamedHandler(string? Entry, string? Name, string Path, JsonNode? Config, string ConfigPath);
