using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Tests.Messages;

/// <summary>Suggestions for thousands of wrong names among thousands of right ones: the work grows linearly with their number.</summary>
public sealed class NearestNamesTests
{
    [Fact]
    public void Every_wrong_name_of_a_set_that_people_write_gets_its_suggestion()
    {
        var names = new NearestNames(Enumerable.Range(0, 200).Select(i => $"component-{i}"));

        Assert.All(Enumerable.Range(0, 200), i => Assert.Equal($"; did you mean \"component-{i}\"?", names.Hint($"component-{i}x")));
    }

    [Fact]
    public void Of_many_wrong_names_among_many_only_the_first_get_suggestions()
    {
        var visited = 0;
        var names = new NearestNames(Enumerable.Range(0, 20_000).Select(i =>
        {
            visited++;
            return $"component-{i}";
        }));

        var hints = Enumerable.Range(0, 20_000).Select(i => names.Hint($"component-{i}x")).ToList();

        Assert.Equal("; did you mean \"component-0\"?", hints[0]);
        Assert.Equal("", hints[^1]);
        Assert.InRange(visited, 1, 500_000);
    }

    [Fact]
    public void A_name_of_a_megabyte_is_not_compared_with_another_one()
    {
        var name = new string('a', 1_000_000);

        Assert.Null(new NearestNames([$"{name}b"]).Of(name));
    }
}
