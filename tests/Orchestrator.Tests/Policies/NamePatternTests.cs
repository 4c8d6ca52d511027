using DeploymentOrchestrator.Policies;

namespace DeploymentOrchestrator.Tests.Policies;

public sealed class NamePatternTests
{
    private static readonly PolicyScope Scope = new("team-b", "prod/eu", "eu-west-1");

    [Theory]
    [InlineData("team-b/*", "team-b/db", true)]
    [InlineData("team-b/*", "team-b/", true)]
    [InlineData("team-b/*", "team-b/a/b/c", true)]
    [InlineData("team-b/*", "team-b", false)]
    [InlineData("team-b/*", "x/team-b/db", false)]
    [InlineData("team-b/*", "TEAM-B/db", false)]
    [InlineData("team-b", "team-b", true)]
    [InlineData("team-b", "team-b2", false)]
    [InlineData("team-b", "ateam-b", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "anything/at-all", true)]
    [InlineData("", "", true)]
    [InlineData("", "x", false)]
    [InlineData("a*b", "ab", true)]
    [InlineData("a*b", "a", false)]
    [InlineData("a*a", "a", false)]
    [InlineData("a*b*c", "axbxc", true)]
    [InlineData("a*b*c", "acb", false)]
    [InlineData("a*bc*bc", "abc", false)]
    [InlineData("a*bc*bc", "abcbc", true)]
    [InlineData("**", "x", true)]
    [InlineData("a.c", "abc", false)]
    [InlineData("a+c", "aac", false)]
    [InlineData("team-b/?", "team-b/x", false)]
    public void A_pattern_matches_the_whole_name_in_its_case(string pattern, string name, bool matches) =>
        Assert.Equal(matches, Parse(pattern).Matches(name, Scope));

    [Theory]
    [InlineData("{namespace}/*", "team-b/db", true)]
    [InlineData("{namespace}/*", "team-a/db", false)]
    [InlineData("{cluster}/{namespace}/*", "prod/eu/team-b/db", true)]
    [InlineData("{cluster}/{namespace}/*", "prod/team-b/db", false)]
    [InlineData("{namespace}", "{namespace}", false)]
    public void Placeholders_are_the_cluster_and_the_namespace(string pattern, string name, bool matches) =>
        Assert.Equal(matches, Parse(pattern).Matches(name, Scope));

    [Theory]
    [InlineData("*", "other/x", false)]
    [InlineData("*", "*/x", true)]
    [InlineData("{namespace}", "team-b/x", false)]
    [InlineData("{namespace}", "{namespace}/x", true)]
    public void A_cluster_id_is_text_and_no_pattern(string clusterId, string name, bool matches) =>
        Assert.Equal(matches, Parse("{cluster}/x").Matches(name, Scope with { Cluster = clusterId }));

    [Theory]
    [InlineData("{cluster}/{namespace}/*", "anything/team-b/db", true)]
    [InlineData("{cluster}/{namespace}/*", "anything/team-a/db", false)]
    public void A_cluster_id_that_is_not_known_may_be_any(string pattern, string name, bool matches) =>
        Assert.Equal(matches, Parse(pattern).Matches(name, Scope with { Cluster = null }));

    [Theory]
    [InlineData("{cluste}/x")]
    [InlineData("{Namespace}/x")]
    [InlineData("team-{/x")]
    [InlineData("team-}/x")]
    [InlineData("{clus*ter}")]
    public void A_placeholder_that_is_not_known_is_refused(string pattern)
    {
        Assert.Null(NamePattern.Parse(pattern, out var problem));
        Assert.Contains("only {cluster} and {namespace} are replaced", problem, StringComparison.Ordinal);
    }

    // Backtracking through every star would take the age of the universe.
    [Fact]
    public void A_pattern_of_many_stars_is_matched_quickly()
    {
        var pattern = Parse(string.Concat(Enumerable.Repeat("*a", 200)) + "b");

        Assert.False(pattern.Matches(new string('a', 512), Scope));
    }

    private static NamePattern Parse(string pattern) => NamePattern.Parse(pattern, out _)!;
}
