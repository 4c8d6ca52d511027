using DeploymentOrchestrator.Graph;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace DeploymentOrchestrator.Tests.Graph;

public sealed class DependencyGraphTests
{
    [Theory]
    [InlineData("a:", "a", "")]
    [InlineData("a:b b:c c:", "c b a", "")]
    [InlineData("a:c,b b:c c:", "c b a", "")]
    [InlineData("a:nobody", "a", "")]
    [InlineData("a:a", "", "a -> a")]
    [InlineData("a:b b:a", "", "a -> b -> a")]
    [InlineData("a:b b:c c:b", "", "b -> c -> b")]
    [InlineData("a:b b:c c:a", "", "a -> b -> c -> a")]
    // Every strongly connected component is reported, with one cycle each.
    [InlineData("a:b b:a c:d d:c", "", "a -> b -> a; c -> d -> c")]
    [InlineData("a:b b:a,c c:b", "", "a -> b -> a")]
    public void The_order_puts_dependencies_first_and_reports_cycles(string graph, string order, string cycles)
    {
        var dependencies = Graph(graph);
        Assert.Equal(order, string.Join(' ', dependencies.Order));
        Assert.Equal(cycles, string.Join("; ", dependencies.Cycles.Select(c => string.Join(" -> ", c))));
    }

    [Theory]
    [InlineData("a:b b:a", "a", "a -> b -> a")]
    [InlineData("a:a", "a", "a -> a")]
    [InlineData("a:b,c b:d c:a d:a", "a", "a -> c -> a")]
    [InlineData("a:b b:c c:b", "a", null)]
    [InlineData("a:b b:", "a", null)]
    public void A_cycle_is_reported_by_its_shortest_path(string graph, string start, string? way) => Assert.Equal(
        way, DependencyGraph.PathBackTo(start, Graph(graph).Needs) is { } found ? string.Join(" -> ", found) : null);

    [Fact]
    public void The_dependencies_of_an_entry_are_sorted_and_distinct() => Assert.Equal(["b", "c"], Graph("a:c,b,c b: c:").Needs("a"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_long_chain_of_dependencies_does_not_overflow_the_stack(bool closed)
    {
        const int length = 10_000;
        var graph = new DependencyGraph(Enumerable.Range(0, length).Select(i =>
            KeyValuePair.Create($"n{i}", (IReadOnlyCollection<string>)(i + 1 < length ? [$"n{i + 1}"] : closed ? ["n0"] : []))));
        if (closed)
            Assert.Equal(length + 1, Assert.Single(graph.Cycles).Count);
        else
            Assert.Equal(Enumerable.Range(0, length).Select(i => $"n{length - 1 - i}"), graph.Order);
    }

    [Property(MaxTest = 300)]
    public Property In_any_graph_there_is_an_order_or_a_cycle_and_never_both() => Prop.ForAll(
        Gen.Choose(0, 9).ListOf(3).ListOf(10).ToArbitrary(),
        edges =>
        {
            // A number picks the component that another needs; 0-3 pick none.
            var needs = edges.Select((e, i) => (Name: $"{i}", Needs: e.Where(n => n > 3).Select(n => $"{n}").ToList())).ToDictionary(e => e.Name, e => e.Needs);
            var graph = new DependencyGraph(needs.Select(n => KeyValuePair.Create(n.Key, (IReadOnlyCollection<string>)n.Value)));
            if (graph.Cycles.Count > 0)
                return graph.Order.Count == 0 && graph.Cycles.All(c => c[0] == c[^1] && c.Zip(c.Skip(1)).All(step => needs[step.First].Contains(step.Second)));
            var place = graph.Order.Select((name, at) => (name, at)).ToDictionary(p => p.name, p => p.at);
            return place.Count == needs.Count && needs.All(n => n.Value.All(need => place[need] < place[n.Key]));
        });

    private static DependencyGraph Graph(string text) => new(text.Split(' ').Select(node => node.Split(':')).Select(node =>
        KeyValuePair.Create(node[0], (IReadOnlyCollection<string>)node[1].Split(',', StringSplitOptions.RemoveEmptyEntries))));
}
