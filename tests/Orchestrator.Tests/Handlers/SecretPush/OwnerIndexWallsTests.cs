using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Whatever one namespace writes, releases in another cost the same.</summary>
public sealed class OwnerIndexWallsTests
{
    private const int Many = 1_000;

    private static readonly Component Me = Component("mine", "me", "s");

    [Fact]
    public void Thousands_of_entries_and_Components_of_a_foreign_owner_are_never_read()
    {
        var world = new World(heirs: _ => []);
        world.Add(Composition("theirs", "graph", Enumerable.Range(0, Many).Select(i => $"{{{{ .e{i}.providerStatus.name }}}}")));
        for (var i = 0; i < Many; i++)
        {
            world.Add(Composition("theirs", $"graph-{i}", ["{{ .names.providerStatus.name }}", "s"]));
            world.Add(Component("theirs", $"c{i}", i % 2 == 0 ? "s" : "{{ .names.providerStatus.name }}"));
        }

        Assert.Null(world.Directory.OtherNaming(new("s", "us-east-1"), Me, "us-east-1"));
        Assert.Null(world.Directory.EntryNaming(new("s", "us-east-1"), Me, "us-east-1"));
        Assert.Equal((0, 0), (world.Looked, world.Judged));
    }

    [Fact]
    public void Owners_of_a_namespace_that_may_inherit_and_of_the_own_one_are_read()
    {
        foreach (var ns in (string[])["heir", "mine"])
        {
            var world = new World(heirs: from => from == "mine" ? ["heir"] : []);
            world.Add(Component("theirs", "c", "s"));
            world.Add(Composition("theirs", "graph", ["s"]));
            world.Add(Component(ns, "c", "s"));
            world.Add(Composition(ns, "graph", ["s"]));

            Assert.Equal(ns, world.Directory.OtherNaming(new("s", "us-east-1"), Me, "us-east-1")?.Metadata.Namespace);
            Assert.Equal(ns, world.Directory.EntryNaming(new("s", "us-east-1"), Me, "us-east-1")?.Composition.Metadata.Namespace);
            Assert.Equal(2, world.Looked);
        }
    }

    [Fact]
    public void Entries_of_a_large_Composition_that_name_other_secrets_are_not_resolved()
    {
        var world = new World(heirs: _ => []);
        // Each has a child, which is looked up when the entry is resolved.
        world.Add(Composition("mine", "graph", Enumerable.Range(0, Many).Select(i => $"other-{i}").Append("s")));

        Assert.NotNull(world.Directory.EntryNaming(new("s", "us-east-1"), Me, "us-east-1"));
        Assert.Equal(1, world.Looked);
        Assert.InRange(world.LookedForChildren, 1, 2);
    }

    [Fact]
    public void A_deleted_namespace_leaves_nothing_in_the_index()
    {
        var index = new NamespacedIndex();
        index.Set(new("a", "one"), ["s"]);
        index.Set(new("b", "two"), ["s", "t"]);
        Assert.Equal([new("b", "two")], index.Of("s", ["b", "c"]));
        Assert.Equal(2, index.Of("s", null).Count());
        index.Set(new("a", "one"), []);
        index.Set(new("b", "two"), []);
        index.Set(new("c", "three"), []);
        Assert.Equal(0, index.Count);
        Assert.Empty(index.Of("s", null));
    }

    private static Component Component(string ns, string name, string secretName) => new()
    {
        Metadata = new() { Namespace = ns, Name = name, Uid = $"{ns}/{name}" },
        Spec = new() { Handler = "secret-push", Config = new() { ["secretName"] = secretName } },
    };

    private static Composition Composition(string ns, string name, IEnumerable<string> secretNames) => new()
    {
        Metadata = new() { Namespace = ns, Name = name, Uid = $"{ns}/{name}" },
        Spec = new()
        {
            Components = [.. secretNames.Select((s, i) => Entry($"e{i}", s))],
        },
    };

    private static CompositionEntry Entry(string name, string secretName) =>
        new() { Name = name, Type = "secret-push", Config = new() { ["secretName"] = secretName } };

    private sealed class World
    {
        private readonly Dictionary<ObjectKey, Component> components = [];
        private readonly Dictionary<ObjectKey, Composition> compositions = [];
        private readonly OwnerIndex index;

        public World(Func<string, IEnumerable<string>> heirs)
        {
            index = new(["cluster"], key => Look(components, key), key => Look(compositions, key), heirs);
            static InvalidOperationException Through() => new("everything is looked through");
            Directory = new(
                "cluster", seesAll: true, () => throw Through(),
                wanted: new(() => throw Through(), () => throw Through(), key => compositions.GetValueOrDefault(key), key =>
                {
                    LookedForChildren++;
                    return components.GetValueOrDefault(key);
                }),
                takeOverFrom: heir =>
                {
                    Judged++;
                    return heir.Metadata.Namespace == "heir" ? ["mine"] : [];
                },
                index: index);
        }

        public OwnerDirectory Directory { get; }

        /// <summary>The number of Components and Compositions read.</summary>
        public int Looked { get; private set; }

        /// <summary>How often policies were evaluated.</summary>
        public int Judged { get; private set; }

        public int LookedForChildren { get; private set; }

        public void Add(Component component)
        {
            components[ObjectKey.Of(component.Metadata)] = component;
            index.Note(ObjectKey.Of(component.Metadata), component);
        }

        public void Add(Composition composition)
        {
            compositions[ObjectKey.Of(composition.Metadata)] = composition;
            index.Note(ObjectKey.Of(composition.Metadata), composition);
        }

        private T? Look<T>(Dictionary<ObjectKey, T> among, ObjectKey key)
            where T : class
        {
            Looked++;
            return among.GetValueOrDefault(key);
        }
    }
}
