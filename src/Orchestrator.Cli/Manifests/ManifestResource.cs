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
    /// <summary>Its type.</summary>
    public ResourceType Type => ResourceType.Of(Content);

    /// <summary>Its name; null where it has none.</summary>
    public string? Name => Metadata("name");

    /// <summary>Its namespace; null where it names none or an empty one.</summary>
    public string? Namespace => Metadata("namespace") is { Length: > 0 } name ? name : null;

    /// <summary>A problem of the resource at its position, with the value as written where the message shows it differently.</summary>
    public Diagnostic Locate(Problem problem)
    {
        var path = Problem.Join(Path, problem.Path);
        return new(Map.Locate(path), Map.Written(path) is { } written ? problem with { Message = Message(problem, written) } : problem);
    }

    private static string Message(Problem problem, (string Text, bool IsAsJson) written) =>
        problem.NeedsQuotes ? $"{problem.Message[..problem.Message.LastIndexOf(':')]}: quote it: \"{written.Text}\""
        : written.IsAsJson ? problem.Message
        : $"{problem.Message} (written as {written.Text})";

    private string? Metadata(string key) =>
        JsonText.Of(Content["metadata"], key);
}
