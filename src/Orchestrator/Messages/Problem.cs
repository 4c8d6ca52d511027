namespace DeploymentOrchestrator.Messages;

/// <summary>One thing wrong with what a user wrote: where, what, and the way out.</summary>
/// <param name="Path">Dotted path from the root of the object or of the config, such as <c>fields.password.generator.passwordLength</c>; empty for
/// the whole.</param>
/// <param name="Message">What is wrong and what to write instead, without a full stop. What it quotes may hold anything: it is kept as
/// <see cref="VisibleText"/>.</param>
/// <param name="IsWarning">A warning does not stop anything.</param>
public sealed record Problem(string Path, string Message, bool IsWarning = false)
{
    /// <summary>What is wrong and what to write instead.</summary>
    public string Message { get; init => field = VisibleText.Of(value); } = VisibleText.Of(Message);

    /// <summary>Whether the way out is to quote what is written: who knows how it is written, can show it.</summary>
    public bool NeedsQuotes { get; init; }

    /// <summary>The same problem seen from an outer object.</summary>
    public Problem Under(string path) => this with { Path = Join(path, Path) };

    /// <summary>Joins two paths; an index such as <c>[0]</c> takes no dot.</summary>
    public static string Join(string left, string right) =>
        left.Length == 0 ? right : right.Length == 0 ? left : right[0] == '[' ? left + right : $"{left}.{right}";

    /// <inheritdoc/>
    public override string ToString() => Path.Length == 0 ? Message : $"{VisibleText.Of(Path)}: {Message}";
}
