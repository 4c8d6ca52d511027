using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Graph;

/// <summary>The dependencies between named components. Dependencies outside the graph are left out.</summary>
internal sealed class DependencyGraph
{
    private readonly Dictionary<string, IReadOnlyList<string>> needs;

    /// <summary>Creates the graph. Names are unique.</summary>
    public DependencyGraph(IEnumerable<KeyValuePair<string, IReadOnlyCollection<string>>> components)
    {
        var all = components.ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal);
        needs = all.ToDictionary(
            c => c.Key,
            c => (IReadOnlyList<string>)[.. c.Value.Where(all.ContainsKey).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            StringComparer.Ordinal);
        (Order, Cycles) = Sort();
    }

    /// <summary>Every component after its dependencies; empty if there is a cycle.</summary>
    public IReadOnlyList<string> Order { get; }

    /// <summary>
    /// Cycles, each as a path that ends with its first name: a, b, a. Empty if there are none; of several cycles that share a component, one.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Cycles { get; }

    /// <summary>The dependencies of the component, sorted.</summary>
    public IReadOnlyList<string> Needs(string name) => needs[name];

    /// <summary>The shortest path from a component through its dependencies back to itself, as in <see cref="Cycles"/>; null if there is none.</summary>
    public static IReadOnlyList<string>? PathBackTo(string start, Func<string, IEnumerable<string>> needs)
    {
        var neededBy = new Dictionary<string, string>(StringComparer.Ordinal);
        var next = new Queue<string>([start]);
        while (next.TryDequeue(out var name))
        {
            foreach (var need in needs(name).Where(need => neededBy.TryAdd(need, name)))
            {
                if (need != start)
                {
                    next.Enqueue(need);
                    continue;
                }

                var way = new List<string> { start };
                for (var at = name; at != start; at = neededBy[at])
                    way.Add(at);
                way.Add(start);
                way.Reverse();
                return way;
            }
        }

        return null;
    }

    /// <summary>Reports a cycle as a problem.</summary>
    /// <param name="path">The problem's path.</param>
    /// <param name="cycle">One of <see cref="Cycles"/>.</param>
    public static Problem CycleProblem(string path, IReadOnlyList<string> cycle) =>
        new(path, $"dependency cycle {string.Join(" -> ", cycle)}: remove one of these dependencies");

    // Depth first, with the current path for showing a cycle, and an explicit stack, since a chain may be long.
    private (IReadOnlyList<string> Order, IReadOnlyList<IReadOnlyList<string>> Cycles) Sort()
    {
        var order = new List<string>();
        var cycles = new List<IReadOnlyList<string>>();
        var inCycle = new HashSet<string>(StringComparer.Ordinal);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var onPath = new HashSet<string>(StringComparer.Ordinal);
        var path = new Stack<(string Name, int Next)>();
        foreach (var start in needs.Keys)
        {
            if (!done.Contains(start))
                path.Push((start, 0));
            while (path.TryPop(out var step))
            {
                onPath.Add(step.Name);
                if (step.Next == needs[step.Name].Count)
                {
                    onPath.Remove(step.Name);
                    done.Add(step.Name);
                    order.Add(step.Name);
                    continue;
                }

                path.Push((step.Name, step.Next + 1));
                var need = needs[step.Name][step.Next];
                if (!onPath.Contains(need))
                {
                    if (!done.Contains(need))
                        path.Push((need, 0));
                }
                else if (!inCycle.Contains(need)
                    && path.Select(p => p.Name).TakeWhile(n => n != need).Append(need).Reverse().ToList() is var cycle && !cycle.Exists(inCycle.Contains))
                {
                    inCycle.UnionWith(cycle);
                    cycles.Add([.. cycle, need]);
                }
            }
        }

        return (cycles.Count == 0 ? order : [], cycles);
    }
}
