using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Graph;

/// <summary>
/// The values that a user gives for outputs. A component is named as in references if that is unambiguous, and otherwise by its object with its namespace:
/// <c>default/app-database.endpoint=db.example.com</c>. Pure except for what <see cref="Find"/> records.
/// </summary>
internal sealed class GivenOutputs(IReadOnlyList<GivenOutput> given)
{
    private IReadOnlyDictionary<(ObjectKey Component, string Output), JsonNode> values = new Dictionary<(ObjectKey, string), JsonNode>();

    /// <summary>No values.</summary>
    public static readonly GivenOutputs None = new([]);

    /// <summary>Whether there are no values.</summary>
    public bool IsEmpty => given.Count == 0;

    /// <summary>Finds the component of each value, and records it for <see cref="Of"/>.</summary>
    /// <returns>The values that match no component, or several.</returns>
    public IReadOnlyList<(GivenOutput Given, string Problem)> Find(IReadOnlyList<ComponentOutputs> components)
    {
        var found = new Dictionary<(ObjectKey, string), JsonNode>();
        var problems = new List<(GivenOutput, string)>();
        foreach (var output in given)
        {
            var matching = Matching(output, components);
            var problem = matching is not [var one] ? WhichOne(output, matching, components)
                : Undeclared(output, one) is { } undeclared ? undeclared
                : found.TryAdd((one.Key, output.Output), output.Value) ? null
                : "is given twice";
            if (problem is not null)
                problems.Add((output, problem));
        }

        values = found;
        return problems;
    }

    /// <summary>The value of a Component's output; null if none is given.</summary>
    public JsonNode? Of(Component component, string output) => values.GetValueOrDefault((ObjectKey.Of(component.Metadata), output));

    private static List<ComponentOutputs> Matching(GivenOutput output, IReadOnlyList<ComponentOutputs> components)
    {
        var matching = components.Where(c => (output.Namespace is null || c.Key.Namespace == output.Namespace)
            && (c.ReferenceName == output.Component || c.Key.Name == output.Component)).ToList();
        // With its namespace, an object's name is unique.
        return output.Namespace is not null && matching.Find(c => c.Key.Name == output.Component) is { } exact ? [exact] : matching;
    }

    private static string WhichOne(GivenOutput output, List<ComponentOutputs> matching, IReadOnlyList<ComponentOutputs> components)
    {
        if (matching.Count > 0)
            return $"several components are named \"{output.Component}\": write {string.Join(" or ", matching.Select(c => $"{c.Key}.{output.Output}=VALUE"))}";
        var there = components.Where(c => output.Namespace is null || c.Key.Namespace == output.Namespace).ToList();
        return $"there is no component \"{output.Component}\"{(output.Namespace is { } place ? $" in namespace {place}" : "")}"
            + NearestName.Hint(output.Component, there.SelectMany(c => (string[])[c.ReferenceName, c.Key.Name]));
    }

    private static string? Undeclared(GivenOutput output, ComponentOutputs component) =>
        !component.TakesOutputs
            ? $"component \"{output.Component}\" is of the handler {component.Handler}: only outputs of manifest and config-reader can be given"
        : new Reference(output.Component, [new(output.Output, null)]).Undeclared(component.Outputs);
}
