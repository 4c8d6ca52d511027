using System.Text.RegularExpressions;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>A kind, all kinds of a group, or some of their fields, that no output may read.</summary>
/// <param name="Kind">The kind, or <c>*</c> for every kind of the group. Case does not count, and the plural means the same.</param>
/// <param name="Group">The group, empty for the core one; null for every group.</param>
/// <param name="Fields">The path of the fields, only keys and dots; null for the whole object.</param>
/// <param name="Why">The reason, worded to follow "cannot be read: ".</param>
internal sealed partial record UnreadableKind(string Kind, string? Group, string? Fields, string Why)
{
    private const string Every = "*";

    /// <summary>The operator's option that adds to the table.</summary>
    public const string Option = "--unreadable-kinds";

    /// <summary>Whether it comes from the operator's option, which can be changed without an edit of the config.</summary>
    public bool IsOption { get; private init; }

    /// <summary>
    /// Parses the value of the option: <c>Kind.group</c>, or <c>plural.group</c> as CustomResourceDefinitions are named; <c>*.group</c>; or a kind of any
    /// group. Null for anything else.
    /// </summary>
    public static UnreadableKind? Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var (kind, group) = dot < 0 ? (text, null) : (text[..dot], text[(dot + 1)..]);
        return (KindName().IsMatch(kind) || (kind == Every && group is not null)) && (group is null || DnsName.IsSubdomain(group))
            ? new(kind, group, null, $"the operator runs with {Option} {text}") { IsOption = true }
            : null;
    }

    /// <summary>Whether it covers a field of an object of this kind.</summary>
    public bool Has(ResourceType type, FieldPath path) =>
        (Group is null || IsSame(Group, type.Group) || (Group.Length == 0 && IsSame("core", type.Group)))
        && (Kind == Every || IsNamed(type.Kind))
        && (Fields is null || Overlaps(path));

    // Both the written and the listed name may be a kind or its plural.
    private bool IsNamed(string written) => Names(Kind).Any(name => Names(written).Contains(name, StringComparer.OrdinalIgnoreCase));

    private static string[] Names(string kind) =>
        [kind, $"{kind}s", $"{kind}es", $"{kind}List", kind.EndsWith('y') ? $"{kind[..^1]}ies" : kind];

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    // The listed field, a field within it, or one that contains it. List indexes do not count.
    private bool Overlaps(FieldPath path) => Fields!.Split('.').Zip(path.Steps.Select(s => s.Key).OfType<string>()).All(pair => pair.First == pair.Second);

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]{0,62}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex KindName();
}
