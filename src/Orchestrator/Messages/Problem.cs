namespace DeploymentOrchestrator.Messages;

/// <summary>One problem of a user's input: where it is, what is wrong, and what to do.</summary>
/// <param name="Path">Dotted path from the root of the object or of the config, such as <c>fields.password.generator.passwordLength</c>; empty for
/// the whole.</param>
/// <param name="Message">What is wrong and what to write instead, without a full stop. It may quote anything: it is kept as <see
/// cref="VisibleText"/>.</param>
/// <param name="IsWarning">Whether it is only a warning.</param>
public sealed record Problem(string Path, string Message, bool IsWarning = false)
{
    /// <summary>What is wrong and what to write instead.</summary>
    public string Message { get; init => field = VisibleText.Of(value); } = VisibleText.Of(Message);

    /// <summary>
    /// What is wrong, without what to do, where quotes around the value solve it; null for other problems. The reader of the file shows the value in quotes.
    /// </summary>
    internal string? WrongWithoutQuotes { get; init; }

    /// <summary>The same problem, with its path from an outer object.</summary>
    public Problem Under(string path) => this with { Path = Join(path, Path) };

    /// <summary>Joins two paths; an index such as <c>[0]</c> takes no dot.</summary>
    public static string Join(string left, string right) =>
        left.Length == 0 ? right : right.Length == 0 ? left : right[0] == '[' ? left + right : $"{left}.{right}";

    /// <inheritdoc/>
    public override string ToString() => Path.Length == 0 ? Message : $"{VisibleText.Of(Path)}: {Message}";
}
