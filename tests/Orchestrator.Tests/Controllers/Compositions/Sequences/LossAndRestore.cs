using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>
/// A backup, and later a loss: everything is deleted with its finalizers stripped, and the backup is restored in some order of kinds, with or without
/// owner references, status and Velero's label. No value changes, and no secret is scheduled for deletion.
/// </summary>
internal sealed partial class LossAndRestore(Random random, EmbeddedCluster cluster, RandomComposition composition, ChildOrder childOrder, List<string> steps)
{
    private static readonly ResourceType[] Made = [ResourceType.ConfigMap, SimulatedDatabases.Type];

    private readonly HashSet<string> leftOver = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> leftToHeir = new(StringComparer.Ordinal);
    private Backup? backup;
    private IReadOnlyList<RandomEntry> entries = [];
    private int stepsAtBackup;
    private bool isBackupQuiet;
    private int eventsRead;

    /// <summary>Whether there is a backup.</summary>
    public bool HasBackup => backup is not null;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// Whether what a Component made was lost with it, or left to an heir that was deleted before it had looked at it; and no Component has named it since:
    /// no resource knows of it.
    /// </summary>
    public bool IsLeftOver(string name) => leftOver.Contains(name) || leftToHeir.ContainsKey(name);

    /// <summary>
    /// Resources that a Component names are known again. An entry is not enough: its Component may still wait to be created, and the entry may be removed
    /// meanwhile.
    /// </summary>
    public async Task Look()
    {
        var events = cluster.EventTexts;
        leftOver.UnionWith(events.Skip(eventsRead).Select(e => LeftByHeirPattern().Match(e)).Where(m => m.Success).Select(m => m.Groups["secret"].Value));
        foreach (var match in events.Skip(eventsRead).Select(e => LeftToHeirPattern().Match(e)).Where(m => m.Success))
            leftToHeir[match.Groups["object"].Value] = match.Groups["owner"].Value;
        eventsRead = events.Count;
        if (leftOver.Count + leftToHeir.Count == 0)
            return;
        var components = (await cluster.Store.List(ResourceType.Component, RandomComposition.Namespace, Cancellation)).Items;
        var configs = string.Join('\n', components.Select(c => c["spec"]!["config"]?.ToJsonString()));
        leftOver.RemoveWhere(name => configs.Contains($"\"{name}\"", StringComparison.Ordinal));
        await LookAtObjects(name => configs.Contains($"\"{name}\"", StringComparison.Ordinal));
    }

    // An heir whose Component a quiet moment has seen, or that took the object over, has to delete it.
    private async Task LookAtObjects(Func<string, bool> isListed)
    {
        var owners = (await ListMade()).ToDictionary(o => ObjectKey.Of(o).Name, o => (string?)o["metadata"]!["annotations"]?[ObjectOwner.Annotation]);
        foreach (var (name, owner) in leftToHeir)
        {
            if (isListed(name) || owners.GetValueOrDefault(name) != $"{RandomComposition.Namespace}/{owner}")
                leftToHeir.Remove(name);
        }
    }

    /// <summary>Takes a backup of the current state, perhaps in the middle of the controllers' work.</summary>
    /// <param name="quiet">Waits until the controllers are idle.</param>
    public async Task BackUp(Func<Task> quiet)
    {
        isBackupQuiet = random.Next(2) == 0;
        if (isBackupQuiet)
        {
            // A changed input of a child may wait for its turn; AlwaysUpdate then writes a new value, with or without a restore.
            await quiet();
            await cluster.Advance(FollowedChanges.LeastGap);
            await quiet();
        }

        (backup, entries) = (await Backup.Of(cluster.Store, RandomComposition.Namespace), composition.Entries);
        // A terminating child does not have the latest edits; the next child does, and AlwaysUpdate then writes a new value.
        isBackupQuiet &= backup.Resources.All(r => r["metadata"]!["deletionTimestamp"] is null);
        steps.Add($"a backup of {backup.Resources.Count} resources");
        stepsAtBackup = steps.Count;
    }

    /// <summary>Loses everything and restores the backup.</summary>
    /// <param name="quiet">Waits until the controllers are idle.</param>
    /// <exception cref="InvalidOperationException">A value changed, or a secret was scheduled for deletion.</exception>
    public async Task Restore(Func<Task> quiet)
    {
        await quiet();
        var isCalm = isBackupQuiet && steps.Count == stepsAtBackup;
        var order = (RestoreOrder)random.Next(3);
        var (withOwners, withStatus, label) = (random.Next(2) == 0, random.Next(2) == 0, random.Next(3) == 0);
        var isWatched = random.Next(2) == 0;
        steps.Add($"all is lost, and the backup restored: {order}{(withOwners ? ", with owner references" : "")}{(withStatus ? ", with status" : "")}"
            + $"{(label ? ", labelled" : "")}{(isWatched ? ", as the controllers watch" : "")}");
        var before = await SecretVersions.Of(cluster);

        cluster.Kill();
        await cluster.WhenQuiet();
        await Backup.Wipe(cluster.Store, RandomComposition.Namespace);
        composition.Entries = entries;
        leftOver.UnionWith(before.Keys);
        leftOver.UnionWith((await ListMade()).Select(made => ObjectKey.Of(made).Name));

        childOrder.IsArriving = isWatched;
        if (isWatched)
            await cluster.Restart();
        await backup!.Restore(cluster.Store, order, withOwners, withStatus, label, isWatched ? quiet : null);
        if (!isWatched)
            await cluster.Restart();
        await quiet();
        childOrder.IsArriving = false;

        Check(before, await SecretVersions.Of(cluster), isCalm);
        await DeleteOrphans(quiet);
    }

    private async Task<List<JsonObject>> ListMade()
    {
        var made = new List<JsonObject>();
        foreach (var type in Made)
            made.AddRange((await cluster.Store.List(type, RandomComposition.Namespace, Cancellation)).Items);
        return made.FindAll(o => ObjectKey.Of(o).Name.StartsWith("made-", StringComparison.Ordinal));
    }

    private void Check(IReadOnlyDictionary<string, SecretVersions> before, IReadOnlyDictionary<string, SecretVersions> after, bool isCalm)
    {
        // The Composition deletes a child whose entry changes its handler.
        var deleted = entries.Where(e => e.Type != "secret-push").Select(e => $"secret/{e.Id}").ToHashSet(StringComparer.Ordinal);
        var keep = entries.Where(e => e.KeepsItsValue).Select(e => e.Makes).ToHashSet();
        foreach (var (name, was) in before.Where(b => !b.Value.IsScheduled && !deleted.Contains(b.Key)))
        {
            var wrong = after.GetValueOrDefault(name) switch
            {
                null => "is gone",
                { IsScheduled: true } => "is scheduled for deletion",
                var now when now.Current != was.Current && was.Current is not null && (isCalm || keep.Contains(name)) => "has another value",
                _ => null,
            };
            if (wrong is not null)
                throw new InvalidOperationException($"after the restore the secret {name} {wrong}");
        }
    }

    // Users delete children that the restored Composition does not have and no owner claims, as the docs say.
    private async Task DeleteOrphans(Func<Task> quiet)
    {
        var children = entries.Select(e => $"{RandomComposition.Name}-{e.Name.Replace('_', '-')}").ToHashSet(StringComparer.Ordinal);
        foreach (var orphan in (await cluster.Store.List(ResourceType.Component, RandomComposition.Namespace, Cancellation)).Items)
        {
            var name = ObjectKey.Of(orphan).Name;
            if (children.Contains(name) || orphan["metadata"]!["ownerReferences"] is not null || orphan["metadata"]!["deletionTimestamp"] is not null)
                continue;
            steps.Add($"the orphan {name} is deleted by hand");
            await cluster.Store.Delete(ResourceType.Component, new(RandomComposition.Namespace, name), new(), Cancellation);
            await quiet();
        }
    }

    // It cannot distinguish the secret from one that the previous Component retained on purpose, and leaves both. If it is deleted before it claims the
    // secret, it reports nothing, and the previous Component has reported that it leaves the secret to it.
    [GeneratedRegex("SecretLeft: left (?<secret>.+) in place: (it belongs to test-cluster/default/|.+ names it too$|.+ still wants it$)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LeftByHeirPattern();

    // An entry may be removed before it has a child, or its child may be deleted before it has read the object: then the object has no owner.
    [GeneratedRegex("^(?<owner>.+): ResourceLeft: left [A-Za-z]+ default/(?<object>.+) in place: the entry .+ of Composition default/sys takes it over$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LeftToHeirPattern();
}
