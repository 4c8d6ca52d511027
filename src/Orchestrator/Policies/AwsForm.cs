using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Policies;

/// <summary>The syntax of an AWS identifier.</summary>
/// <param name="Value">The syntax of a value.</param>
/// <param name="Pattern">The syntax of a pattern for values.</param>
/// <param name="ValueText">The value's syntax in words.</param>
/// <param name="PatternText">The pattern's syntax in words.</param>
internal sealed record AwsForm(Regex Value, Regex Pattern, string ValueText, string PatternText);
