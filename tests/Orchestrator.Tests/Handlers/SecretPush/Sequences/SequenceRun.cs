using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Sequences;

/// <summary>
/// One random sequence of changes by users, other programs and faults around two Components, on the real controllers, with the model's rules checked after
/// each step. The same seed gives the same sequence, with one exception: if one of two concurrently generated passwords fails, the network decides whether
/// AWS sees the call for the other.
/// </summary>
internal sealed partial class SequenceRun : IAsyncDisposable
{
    private const int Generated = 2;

    private static readonly string[] Names = ["myapp/one", "myapp/two"];
    private static readonly string[] Operations =
        ["DescribeSecret", "GetRandomPassword", "CreateSecret", "UpdateSecret", "DeleteSecret", "RestoreSecret", "TagResource"];

    private static readonly (string Name, Fault Fault)[] Faults =
        [("throttled", Fault.Throttle), ("failed", Fault.InternalError), ("rejected", Fault.Refusal("ValidationException")), ("cut before", Fault.CutBefore),
            ("cut after", Fault.CutAfter)];

    private readonly Random random;
    private readonly EmbeddedCluster cluster;
    private readonly AwsJsonClient aws;
    private readonly bool lags;
    private readonly List<string> steps = [];
    private readonly ModelledComponent[] components = [new("first"), new("second")];
    private readonly Dictionary<string, ForeignSecret> foreign = new(StringComparer.Ordinal);
    private readonly HashSet<string> restoredByHand = new(StringComparer.Ordinal);
    private readonly HashSet<string> replicated = new(StringComparer.Ordinal);
    private readonly HashSet<string?> forgotten = new(StringComparer.Ordinal);
    private readonly HashSet<string> leavesMany = new(StringComparer.Ordinal);
    private readonly HashSet<string> lostVersions = new(StringComparer.Ordinal);
    private readonly HashSet<string> inDoubt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> foreignTags = new(StringComparer.Ordinal);
    private readonly WrittenVersions written = new();
    private readonly Dictionary<string, int> queued = new(StringComparer.Ordinal);
    private IReadOnlyList<SeenSecret> secrets = [];
    private DateTimeOffset? lagsUntil;
    private int callsSeen;
    private int hits;
    private int kills;
    private int refusals;
    private int hidden;
    private int generated;
    private int drawn;
    private IReadOnlyList<JsonObject> backup = [];
    private bool isAlive = true;
    private bool isChanged;
    private bool wasTroubled;

    private SequenceRun(int seed, bool lags, EmbeddedCluster cluster)
    {
        (random, this.lags, this.cluster) = (new(seed), lags, cluster);
        aws = new(cluster.SecretsManager.Endpoint);
    }

    /// <summary>The steps so far, one line each.</summary>
    public IReadOnlyList<string> Steps => steps;

    private DateTimeOffset Now => cluster.Time.GetUtcNow();

    /// <summary>Runs the sequence of a seed and returns the number of steps.</summary>
    /// <exception cref="InvalidOperationException">A rule was broken; the message has seed and steps.</exception>
    public static async Task<int> Of(int seed)
    {
        var late = seed % 4 == 0;
        var embedded = await (late
            ? EmbeddedCluster.StartAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10), workers: 1)
            : EmbeddedCluster.StartAsync(workers: 1));
        await using var run = new SequenceRun(seed, late, embedded);
        try
        {
            await run.Run();
            return run.steps.Count;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var calls = embedded.SecretsManager.Calls.Snapshot().TakeLast(30).Select(c => $"{c.Time:HH:mm:ss} {c.Operation} {c.SecretId} {c.ErrorCode}");
            throw new InvalidOperationException(
                $"seed {seed}{(late ? ", AWS lags" : "")}: {e.Message}\n{string.Join('\n', run.steps)}\n{string.Join('\n', embedded.EventTexts)}\n"
                + $"{string.Join('\n', calls)}\n{e.StackTrace}", e);
        }
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private async Task Run()
    {
        var length = random.Next(6, 21);
        for (var i = 0; i < length; i++)
        {
            await Step();
            await End();
        }

        await RunUntilQuiet();
    }

    private Task Step() => random.Next(100) switch
    {
        < 24 => Put(Any()),
        < 31 => Delete(Any()),
        < 36 => Request(Any()),
        < 53 => Pass(TimeSpan.FromSeconds(Any(1, 5, 40, 180, 600, 1800, 3540))),
        < 58 => backup.Count == 0 || random.Next(3) == 0 ? BackUp() : RestoreBackup(),
        < 66 => Interfere(Any(Names)),
        < 73 => DeleteByHand(Any(Names)),
        < 84 => Fail(),
        < 90 => Crash(),
        < 95 => Restart(),
        < 98 => SetClock(TimeSpan.FromMinutes(Any(-60, 60))),
        _ => LoseStatus(Any()),
    };

    // The step ends when the controllers are idle; then the rules hold.
    private async Task End()
    {
        await cluster.WhenQuiet();
        var hitsBefore = hits;
        Look();
        if (isChanged || lagsUntil is not null)
            secrets = await SeenSecret.All(aws);
        isChanged = false;
        foreach (var component in components.Where(c => c.Config is not null))
        {
            if ((bool?)component.Config!["adopt"] == true)
            {
                foreach (var theirs in foreign.Values.Where(f => f.Name == component.SecretName))
                    theirs.IsAdopted = true;
            }
        }

        // A version that AWS shows late does not belong to the step in which it appears.
        var added = written.Add(secrets).Where(w => !lags || !w.IsNewSecret).Select(w => w.Version).ToList();
        var isUntroubled = isAlive && !wasTroubled && hits == hitsBefore && queued.Values.Sum() == 0 && lagsUntil is null;
        foreach (var component in components)
        {
            var versions = added.Count(v => v.Owner == component.OwnerDigest);
            var stored = await Stored(component);
            if (stored is not null && component.IsAlways)
                leavesMany.Add(VersionToken.UidDigest(stored.Metadata.Uid!));
            var waits = stored?.Status?.Message?.Contains("a new value waits until", StringComparison.Ordinal) == true || IsInDoubt(stored);
            var isWell = isAlive && !component.IsGoing && component.Agrees(stored?.Status, stored?.Metadata.Generation, secrets);
            component.Ends(versions, isWell, isUntroubled, waits);
            if (component.IsGoing && stored is null)
                component.IsGone();
        }

        written.AssertNoneTooMany(leavesMany.Contains);
        foreach (var theirs in foreign.Values.Where(f => !lags || Now - f.MadeAt >= TimeSpan.FromSeconds(20)))
            theirs.AssertUntouched(secrets.FirstOrDefault(s => s.Arn == theirs.Arn));
        foreach (var secret in secrets.Where(s => foreignTags.ContainsKey(s.Arn)))
            Assert.Equal(foreignTags[secret.Arn], secret.Tags.GetValueOrDefault("theirs"));
        Assert.True(lagsUntil is not null || generated <= Generated * (Math.Max(written.Count, hidden) + hits + kills + refusals + inDoubt.Count),
            $"{generated} values were generated for {written.Count} versions, {hits} faults and {kills} kills");
        wasTroubled = queued.Values.Sum() > 0;
    }

    // A value due in the same second in which one from the same fields was written has the same version id. If the status that knew of that one is lost
    // and AWS hides it under two foreign values, it is unknown whether AWS refuses the id for this write or for an earlier one: the handler looks for it
    // for two minutes, and then writes.
    private bool IsInDoubt(Component? stored)
    {
        if (stored?.Status?.Applied?["pending"] is not { } pending || (bool?)pending["isTaken"] != true || (string?)pending["token"] is not { } token
            || !lostVersions.Contains(token) || secrets.Any(s => s.Versions.Contains(token)))
            return false;
        inDoubt.Add(token);
        return true;
    }

    // Reads the new entries of the log.
    private void Look()
    {
        var calls = cluster.SecretsManager.Calls.Snapshot();
        for (; callsSeen < calls.Count; callsSeen++)
        {
            var call = calls[callsSeen];
            if (call.ErrorCode is "ThrottlingException" or "InternalServiceError" or "ValidationException" or "CutBefore" or "CutAfter")
            {
                hits++;
                queued[call.Operation]--;
            }

            // Two Components create one secret before AWS shows it to either.
            if (lags && call is { Operation: "CreateSecret", ErrorCode: "ResourceExistsException" or "InvalidRequestException" })
                refusals++;
            // Of several versions that appear at once only the last two have a label.
            if (lags && call is { Operation: "CreateSecret" or "UpdateSecret", ErrorCode: null or "CutAfter" })
                hidden++;
            // If the process was killed while AWS still handled a call, that call may consume the fault, so the number of calls until then proves nothing.
            if (call is { Operation: "GetRandomPassword", ErrorCode: null or "CutAfter" } && call.SecretId != Nobody)
                generated++;
            isChanged |= call.ErrorCode is null or "CutAfter"
                && call.Operation is not ("DescribeSecret" or "GetRandomPassword" or "ListSecrets" or "ListSecretVersionIds");
            if (lags && call is { Operation: "CreateSecret" or "DeleteSecret" })
                lagsUntil = Now.AddSeconds(20);
        }

        if (Now > lagsUntil)
            (lagsUntil, isChanged) = (null, true);
    }

    private async Task RunUntilQuiet()
    {
        Note("-- nothing more happens");
        foreach (var operation in Operations)
            await UseUp(operation);
        foreach (var arn in replicated.ToList())
            await Unreplicate(arn);
        await Restart();
        await End();
        foreach (var component in components)
            await Request(component);
        await End();
        foreach (var seconds in new[] { 1, 4, 16, 64, 256, 300, 300, 900 })
            await PassAndEnd(seconds);
        for (var i = 0; i < 10 && !await AreSteady(); i++)
            await PassAndEnd(600);
        await PassAndEnd(900);
        await PassAndEnd(900);
        // A Component whose secret was taken over may have checked before that; it checks again within the hour.
        foreach (var component in components.Where(c => !c.IsWell))
            await Request(component);
        await End();
        await AssertInvariants();

        var before = components.ToDictionary(c => c.Name, c => (c.IsWell, Count: written.By(c.OwnerDigest)));
        for (var i = 0; i < 4; i++)
            await PassAndEnd(900);
        await AssertInvariants();
        foreach (var component in components)
        {
            var (was, count) = before[component.Name];
            Assert.Equal(was && component.IsAlways ? 1 : 0, written.By(component.OwnerDigest) - count);
        }

        await AssertNothingLeftBehind();
    }

    private async Task PassAndEnd(int seconds)
    {
        await Pass(TimeSpan.FromSeconds(seconds));
        await End();
    }

    private async Task<Component?> Stored(ModelledComponent component) =>
        await new ResourceClient<Component>(cluster.Store, ResourceType.Component, ApiJson.Default.Component)
            .Get(new("default", component.Name), TestContext.Current.CancellationToken);

    private async Task<JsonArray> Targets(ModelledComponent component) => (await Stored(component))?.Status?.Applied?["targets"]?.AsArray() ?? [];

    private void Note(string step) => steps.Add($"{Now:HH:mm:ss} {step}");

    private ModelledComponent Any() => components[random.Next(components.Length)];

    private T Any<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    private static bool IsWrite(string call) => call is "Replace" or "ReplaceStatus";
}
