namespace DeploymentOrchestrator.Tests.Policies;

public sealed class NamespaceSelectorTests
{
    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal) { ["team"] = "b", ["stage"] = "prod" };

    [Theory]
    [InlineData("{}", true)]
    [InlineData("{matchLabels: {team: b}}", true)]
    [InlineData("{matchLabels: {team: a}}", false)]
    [InlineData("{matchLabels: {team: b, stage: dev}}", false)]
    [InlineData("{matchLabels: {Team: b}}", false)]
    [InlineData("{matchNames: [web, db]}", true)]
    [InlineData("{matchNames: [db]}", false)]
    [InlineData("{matchNames: [web], matchLabels: {team: a}}", false)]
    [InlineData("{matchNames: [db], matchLabels: {team: b}}", false)]
    [InlineData("{matchNames: [web], matchLabels: {team: b}}", true)]
    [InlineData("{matchExpressions: [{key: team, operator: In, values: [a, b]}]}", true)]
    [InlineData("{matchExpressions: [{key: team, operator: In, values: [a]}]}", false)]
    [InlineData("{matchExpressions: [{key: gone, operator: In, values: [a]}]}", false)]
    [InlineData("{matchExpressions: [{key: team, operator: NotIn, values: [b]}]}", false)]
    [InlineData("{matchExpressions: [{key: gone, operator: NotIn, values: [b]}]}", true)]
    [InlineData("{matchExpressions: [{key: team, operator: Exists}]}", true)]
    [InlineData("{matchExpressions: [{key: gone, operator: Exists}]}", false)]
    [InlineData("{matchExpressions: [{key: gone, operator: DoesNotExist}]}", true)]
    [InlineData("{matchExpressions: [{key: team, operator: DoesNotExist}]}", false)]
    [InlineData("{matchExpressions: [{key: team, operator: Exists}, {key: gone, operator: Exists}]}", false)]
    public void All_keys_of_a_selector_must_hold(string selector, bool selects)
    {
        var policy = PolicyYaml.Valid($"{{namespaces: {selector}}}");

        Assert.Equal(selects, policy.Namespaces.Selects("web", Labels));
    }
}
