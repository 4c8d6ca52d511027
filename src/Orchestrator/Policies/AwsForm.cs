using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Policies;

/// <summary>What some text of AWS looks like.</summary>
/// <param name="Value">A value.</param>
/// <param name="Pattern">A pattern for values.</param>
/// <param name="ValueText">The same in words.</param>
/// <param name="PatternText">And of the pattern.</param>
internal sealed record AwsForm(Regex Value, Regex Pattern, string ValueText, string PatternText);
