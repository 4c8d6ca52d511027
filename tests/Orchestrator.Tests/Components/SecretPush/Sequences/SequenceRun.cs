using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Components.SecretPush;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Components.SecretPush.Sequences;

/// <summary>
/// One random sequence of what people, other programs and bad luck do around two Components, on the real controllers, with the model's rules checked
/// after each step. The same seed gives the same sequence.
/// </summary>
internal sealed class SequenceRun : IAsyncDisposable
{
    private const int Generated = 2;

    private static readonly string[] Names = ["myapp/one", "myapp/two"];
    private static readonly string[] Operations =
        ["DescribeSecret", "GetRandomPassword", "CreateSecret", "UpdateSecret", "DeleteSecret", "RestoreSecret", "TagResource"];

    private static readonly (string Name, Fault Fault)[] Faults =
        [("throttled", Fault.Throttle), ("failed", Fault.InternalError), ("cut before", Fault.CutBefore), ("cut after", Fault.CutAfter)];

    private readonly Random random;
    private readonly EmbeddedCluster cluster;
    private readonly AwsJsonClient aws;
    private readonly bool lags;
    private readonly List<string> steps = [];
    private readonly ModelledComponent[] components = [new("first"), new("second")];
    private readonly ModelledComponent adopter;
    private readonly Dictionary<string, ForeignSecret> foreign = new(StringComparer.Ordinal);
    private readonly HashSet<string> restoredByHand = new(StringComparer.Ordinal);
    private readonly HashSet<string?> forgotten = new(StringComparer.Ordinal);
    private readonly HashSet<string> leavesMany = new(StringComparer.Ordinal);
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
    private bool isAlive = true;
    private bool isChanged;
    private bool wasTroubled;

    private SequenceRun(int seed, bool lags, EmbeddedCluster cluster)
    {
        (random, this.lags, this.cluster) = (new(seed), lags, cluster);
        aws = new(cluster.SecretsManager.Endpoint);
        adopter = components[1];
    }

    /// <summary>What was done so far, a line each.</summary>
    public IReadOnlyList<string> Steps => steps;

    private DateTimeOffset Now => cluster.Time.GetUtcNow();

    /// <summary>Runs the sequence of a seed and returns how many steps it had.</summary>
    /// <exception cref="InvalidOperationException">A rule was broken; the message has seed and steps.</exception>
    public static async Task<int> Of(int seed)
    {
        var lags = seed % 4 == 0;
        var cluster = await (lags
            ? EmbeddedCluster.StartAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10), workers: 1)
            : EmbeddedCluster.StartAsync(workers: 1));
        await using var run = new SequenceRun(seed, lags, cluster);
        try
        {
            await run.Run();
            return run.steps.Count;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException(
                $"seed {seed}{(lags ? ", AWS lags" : "")}: {e.Message}\n{string.Join('\n', run.steps)}\n{string.Join('\n', cluster.EventTexts)}\n"
                + $"{string.Join('\n', cluster.SecretsManager.Calls.Snapshot().TakeLast(30).Select(c => $"{c.Time:HH:mm:ss} {c.Operation} {c.SecretId} {c.ErrorCode}"))}\n{e.StackTrace}", e);
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

        await Settle();
    }

    private Task Step() => random.Next(100) switch
    {
        < 24 => Put(Any()),
        < 31 => Delete(Any()),
        < 36 => Request(Any()),
        < 58 => Pass(TimeSpan.FromSeconds(Any(1, 5, 40, 180, 600, 1800, 3540))),
        < 66 => Interfere(Any(Names)),
        < 73 => DeleteByHand(Any(Names)),
        < 84 => Fail(),
        < 90 => Crash(),
        < 95 => Restart(),
        < 98 => SetClock(TimeSpan.FromMinutes(Any(-60, 60))),
        _ => LoseStatus(Any()),
    };

    private async Task Put(ModelledComponent component)
    {
        if (component.IsGoing)
        {
            Note($"{component.Name} is still going");
            return;
        }

        if (component.Config is null)
            await Create(component);
        else
            await Edit(component);
    }

    private async Task Create(ModelledComponent component)
    {
        var config = new JsonObject
        {
            ["secretName"] = Any(Names),
            ["fields"] = new JsonObject
            {
                ["username"] = new JsonObject { ["value"] = $"user{drawn++}" },
                ["password"] = new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 20 } },
                ["token"] = new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 16, ["excludePunctuation"] = true } },
            },
            ["updatePolicy"] = Any("IfNotExists", "AlwaysUpdate"),
            ["deletionPolicy"] = Any("Delete", "Delete", "Retain"),
            ["recoveryWindowInDays"] = Any(0, 7, 30),
        };
        if (component == adopter && random.Next(4) == 0)
            config["adopt"] = true;
        var isFree = !secrets.Any(s => s.Name == (string?)config["secretName"]) && lagsUntil is null;
        component.Config = config;
        component.Happens(isFree ? Due.Surely : Due.Maybe, setsSlots: true, isFree ? Now : null);
        await Apply(component, $"create {component.Name} {config.ToJsonString()}");
    }

    private async Task Edit(ModelledComponent component)
    {
        var config = component.Config!;
        var (was, name) = (component.IsAlways, component.SecretName);
        var key = Any("username", "username", "tags", "description", "deletionPolicy", "updatePolicy", "updatePolicy", "secretName", "adopt", "recoveryWindowInDays", "kmsKeyId");
        switch (key)
        {
            case "username":
                config["fields"]!["username"]!["value"] = $"user{drawn++}";
                component.Happens(component.IsAlways ? component.IsWell ? Due.Surely : Due.Maybe : Due.Never);
                break;
            case "tags":
                config["tags"] = new JsonObject { ["edit"] = $"{drawn++}" };
                break;
            case "description":
                config["description"] = $"edit {drawn++}";
                break;
            case "kmsKeyId":
                config["kmsKeyId"] = $"alias/key{drawn++}";
                break;
            case "deletionPolicy":
                config["deletionPolicy"] = (string?)config["deletionPolicy"] == "Retain" ? "Delete" : "Retain";
                break;
            case "recoveryWindowInDays":
                config["recoveryWindowInDays"] = Any(0, 7, 30);
                break;
            case "adopt":
                // Two that may both take one secret over would take it from each other for ever.
                config["adopt"] = component == adopter && (bool?)config["adopt"] != true;
                if (!component.IsWell)
                    component.Happens(Due.Maybe, setsSlots: true);
                break;
            case "updatePolicy":
                config["updatePolicy"] = was ? "IfNotExists" : "AlwaysUpdate";
                if (was)
                    component.Happens(Due.Never);
                else
                    component.Happens(component.IsWell ? Due.Surely : Due.Maybe, setsSlots: true, component.IsWell ? Now : null);
                break;
            case "secretName":
                config["secretName"] = Names[name == Names[0] ? 1 : 0];
                component.Happens(Due.Maybe, setsSlots: true);
                Released(component, name!);
                break;
        }

        await Apply(component, $"edit {component.Name}: {key} {(config[key] ?? config["fields"]![key])?.ToJsonString()}");
    }

    private async Task Apply(ModelledComponent component, string note)
    {
        Note(note);
        await cluster.PutComponent(component.Name, component.Config!.DeepClone().AsObject());
    }

    private async Task Delete(ModelledComponent component)
    {
        if (component.Config is null)
            return;
        Note($"delete {component.Name}");
        Released(component, component.SecretName!);
        component.IsGoing = true;
        component.Happens(Due.Never);
        await cluster.Delete(component.Name);
    }

    // Who else names the secret may take it over, and then writes when due.
    private void Released(ModelledComponent by, string name)
    {
        foreach (var other in components.Where(c => c != by && c.SecretName == name))
            other.Happens(Due.Maybe, setsSlots: !other.IsWell);
    }

    private async Task Request(ModelledComponent component)
    {
        if (component.Config is null || component.IsGoing)
            return;
        Note($"request {component.Name}");
        var resource = (await cluster.Store.Get(ResourceType.Component, new("default", component.Name), TestContext.Current.CancellationToken))!;
        resource["metadata"]!["annotations"] = new JsonObject { [ApiGroup.RequestedAtAnnotation] = $"{drawn++}" };
        await cluster.Store.Replace(resource, TestContext.Current.CancellationToken);
        component.Happens(!component.IsAlways ? Due.Never : component.IsWell ? Due.Surely : Due.Maybe);
    }

    private async Task Pass(TimeSpan time)
    {
        Note($"{time} pass");
        var before = Now;
        await cluster.Advance(time);
        foreach (var component in components)
            component.Passes(before, Now);
    }

    private async Task Interfere(string name)
    {
        var there = secrets.FirstOrDefault(s => s.Name == name);
        switch (random.Next(4))
        {
            case 0 when there is null:
            case 1 when there is null:
                Note($"somebody creates {name}");
                var token = AwsJsonClient.NewToken();
                if (await ByHand("CreateSecret", new { Name = name, SecretString = "theirs", ClientRequestToken = token }) is { Status: 200 } created)
                {
                    foreign[created.Arn] = new(new(created.Arn, name, false, new Dictionary<string, string>(), token, [token]), Now);
                    foreach (var component in components.Where(c => c.SecretName == name))
                        component.Happens(Due.Maybe, setsSlots: true);
                }

                break;
            case 0 when there is not null:
                Note($"somebody writes a value to {name}");
                var version = AwsJsonClient.NewToken();
                if ((await ByHand("PutSecretValue", new { SecretId = name, SecretString = "theirs", ClientRequestToken = version })).Status == 200
                    && foreign.TryGetValue(there.Arn, out var written))
                    written.Wrote(version);
                break;
            case 1 when there is not null:
                await Tag(there, "theirs", $"{drawn++}");
                break;
            case 2 when there is not null && random.Next(2) == 0:
                if (await Tag(there, SecretOwner.TagKey, "another-cluster/default/first"))
                    foreign[there.Arn] = new((await SeenSecret.All(aws)).Single(s => s.Arn == there.Arn), DateTimeOffset.MinValue);
                break;
        }
    }

    private async Task<bool> Tag(SeenSecret secret, string key, string value)
    {
        Note($"somebody tags {secret.Name} {key}={value}");
        if ((await ByHand("TagResource", new { SecretId = secret.Arn, Tags = new[] { new { Key = key, Value = value } } })).Status != 200)
            return false;
        if (foreign.TryGetValue(secret.Arn, out var theirs))
            theirs.Tags[key] = value;
        if (key != SecretOwner.TagKey)
            foreignTags[secret.Arn] = value;
        return true;
    }

    private async Task DeleteByHand(string name)
    {
        if (secrets.FirstOrDefault(s => s.Name == name) is not { } secret)
            return;
        if (secret.IsScheduled)
        {
            Note($"somebody restores {name}");
            if ((await ByHand("RestoreSecret", new { SecretId = secret.Arn })).Status == 200)
            {
                restoredByHand.Add(secret.Arn);
                if (foreign.TryGetValue(secret.Arn, out var theirs))
                    theirs.IsScheduled = false;
            }
        }
        else
        {
            var isForced = random.Next(2) == 0;
            Note($"somebody deletes {name} {(isForced ? "for good" : "")}");
            var answer = await (isForced
                ? ByHand("DeleteSecret", new { SecretId = secret.Arn, ForceDeleteWithoutRecovery = true })
                : ByHand("DeleteSecret", new { SecretId = secret.Arn }));
            if (answer.Status == 200)
            {
                lagsUntil = lags && isForced ? Now.AddSeconds(10) : lagsUntil;
                restoredByHand.Remove(secret.Arn);
                if (foreign.TryGetValue(secret.Arn, out var theirs))
                    (theirs.IsScheduled, theirs.IsGone) = (!isForced, isForced);
            }
        }

        foreach (var component in components.Where(c => c.SecretName == name))
            component.Happens(Due.Maybe, setsSlots: true);
    }

    private async Task Fail()
    {
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var (operation, (name, fault)) = (Any(Operations), Any(Faults));
            Note($"{operation} is to be {name}");
            cluster.SecretsManager.Faults.Queue(operation, fault);
            queued[operation] = queued.GetValueOrDefault(operation) + 1;
        }

        wasTroubled = true;
        await Act();
    }

    // The process dies at a store write, or beside an answer of AWS that it never sees.
    private async Task Crash()
    {
        if (!isAlive)
            return;
        var (nth, after, isAtCall) = (random.Next(4), random.Next(2) == 0, random.Next(2) == 0);
        var operation = Any(Operations);
        Note(isAtCall ? $"the process is to die at {operation}" : $"the process is to die {(after ? "after" : "before")} store write {nth + 1}");
        wasTroubled = true;
        var (begun, ended) = (0, 0);
        if (isAtCall)
        {
            var calls = cluster.SecretsManager.Calls.Snapshot().Count;
            cluster.SecretsManager.Faults.Queue(operation, after ? Fault.CutAfter : Fault.CutBefore);
            queued[operation] = queued.GetValueOrDefault(operation) + 1;
            cluster.Reach.Before = (call, _) =>
                IsWrite(call) && cluster.SecretsManager.Calls.Snapshot().Skip(calls).Any(c => c.ErrorCode is "CutBefore" or "CutAfter") ? Kill() : Task.CompletedTask;
        }
        else
        {
            cluster.Reach.Before = (call, _) => IsWrite(call) && Interlocked.Increment(ref begun) > (after ? nth + 1 : nth) ? Kill() : Task.CompletedTask;
            cluster.Reach.After = (call, _) => after && IsWrite(call) && Interlocked.Increment(ref ended) > nth ? Kill() : Task.CompletedTask;
        }

        await Act();
        await cluster.WhenQuiet();
        cluster.Reach.Before = cluster.Reach.After = (_, _) => Task.CompletedTask;
    }

    private Task Act() => random.Next(4) switch
    {
        0 => Delete(Any()),
        1 => Pass(TimeSpan.FromSeconds(Any(1, 600, 3540))),
        _ => Put(Any()),
    };

    private Task Kill()
    {
        if (isAlive)
            kills++;
        isAlive = false;
        cluster.Kill();
        return Task.FromException(new OperationCanceledException("killed"));
    }

    private async Task Restart()
    {
        Note("restart");
        await cluster.Restart();
        isAlive = true;
    }

    private Task SetClock(TimeSpan ahead)
    {
        cluster.Clock.Ahead = cluster.Clock.Ahead == TimeSpan.Zero ? ahead : TimeSpan.Zero;
        Note($"the process's clock is {cluster.Clock.Ahead} ahead");
        return Task.CompletedTask;
    }

    private async Task LoseStatus(ModelledComponent component)
    {
        if (component.Config is null || component.IsGoing)
            return;
        Note($"{component.Name} loses its status");
        var resource = (await cluster.Store.Get(ResourceType.Component, new("default", component.Name), TestContext.Current.CancellationToken))!;
        // What it still had elsewhere cannot be known any more.
        forgotten.UnionWith((resource["status"]?["applied"]?["targets"]?.AsArray() ?? []).Select(t => (string?)(t!["arn"] ?? t["name"])));
        resource["status"] = new JsonObject();
        await cluster.Store.ReplaceStatus(resource, TestContext.Current.CancellationToken);
        // A write that took longer than a slot bears the time at which it fell due.
        var isLate = VersionToken.Parse(secrets.FirstOrDefault(s => s.Name == component.SecretName)?.Current)?.OccasionTime + ModelledComponent.Interval <= Now;
        component.Happens(component.IsWell && !isLate ? Due.Never : Due.Maybe, setsSlots: true);
    }

    // The step is over when nothing more can be done now; then the rules hold.
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

        // What AWS shows late says nothing of the step in which it is shown.
        var added = written.Add(secrets).Where(w => !lags || !w.IsNewSecret).Select(w => w.Version).ToList();
        var isUntroubled = isAlive && !wasTroubled && hits == hitsBefore && queued.Values.Sum() == 0 && lagsUntil is null;
        foreach (var component in components)
        {
            var versions = added.Count(v => v.Owner == component.OwnerDigest);
            var stored = await Stored(component);
            if (stored is not null && component.IsAlways)
                leavesMany.Add(VersionToken.UidDigest(stored.Metadata.Uid!));
            var waits = stored?.Status?.Message?.Contains("a new value waits until", StringComparison.Ordinal) == true;
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
        Assert.True(lagsUntil is not null || generated <= Generated * (Math.Max(written.Count, hidden) + hits + kills + refusals), $"{generated} values were generated for {written.Count} versions, {hits} faults and {kills} kills");
        wasTroubled = queued.Values.Sum() > 0;
    }

    // Reads on in the log.
    private void Look()
    {
        var calls = cluster.SecretsManager.Calls.Snapshot();
        for (; callsSeen < calls.Count; callsSeen++)
        {
            var call = calls[callsSeen];
            if (call.ErrorCode is "ThrottlingException" or "InternalServiceError" or "CutBefore" or "CutAfter")
            {
                hits++;
                queued[call.Operation]--;
            }

            // Two create one secret before AWS shows it to either.
            if (lags && call is { Operation: "CreateSecret", ErrorCode: "ResourceExistsException" or "InvalidRequestException" })
                refusals++;
            // Of several versions that come to light at once only the last two have a label.
            if (lags && call is { Operation: "CreateSecret" or "UpdateSecret", ErrorCode: null or "CutAfter" })
                hidden++;
            if (call.Operation == "GetRandomPassword" && call.ErrorCode is null or "CutAfter")
                generated++;
            isChanged |= call.ErrorCode is null or "CutAfter" && call.Operation is not ("DescribeSecret" or "GetRandomPassword" or "ListSecrets" or "ListSecretVersionIds");
            if (lags && call is { Operation: "CreateSecret" or "DeleteSecret" })
                lagsUntil = Now.AddSeconds(20);
        }

        if (Now > lagsUntil)
            (lagsUntil, isChanged) = (null, true);
    }

    private async Task Settle()
    {
        Note("-- nothing more happens");
        foreach (var operation in Operations)
            await UseUp(operation);
        await Restart();
        await End();
        foreach (var component in components)
            await Request(component);
        await End();
        foreach (var seconds in new[] { 1, 4, 16, 64, 256, 300, 300, 900 })
            await PassAndEnd(seconds);
        for (var i = 0; i < 10 && !await AreSettled(); i++)
            await PassAndEnd(600);
        await PassAndEnd(900);
        await PassAndEnd(900);
        // One whose secret was taken over by another may have looked before that, and looks again within the hour.
        foreach (var component in components.Where(c => !c.IsWell))
            await Request(component);
        await End();
        await AssertTruth();

        var before = components.ToDictionary(c => c.Name, c => (c.IsWell, Count: written.By(c.OwnerDigest)));
        for (var i = 0; i < 4; i++)
            await PassAndEnd(900);
        await AssertTruth();
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

    // Somebody's call; what was to go wrong with the program's next one goes wrong before it.
    private async Task<Answer> ByHand(string operation, object parameters)
    {
        await UseUp(operation);
        return await aws.Call(operation, parameters);
    }

    private async Task UseUp(string operation)
    {
        for (Look(); queued.GetValueOrDefault(operation) > 0; Look())
        {
            try
            {
                await aws.Call(operation, new { SecretId = "nobody", Name = "no name" });
            }
            catch (HttpRequestException)
            {
                // Cut, as asked.
            }
        }
    }

    private async Task<bool> AreSettled()
    {
        foreach (var component in components)
        {
            if (component.IsGoing || (await Stored(component))?.Status is { } status
                && (status.Phase is not (Phase.Ready or Phase.Failed) || (status.Phase == Phase.Failed && status.Condition(Condition.Ready)?.Reason != "Conflict")))
                return false;
        }

        return true;
    }

    private async Task AssertTruth()
    {
        foreach (var component in components)
        {
            Assert.False(component.IsGoing, $"{component.Name} is still there");
            if (component.Config is null)
                continue;
            var status = (await Stored(component))!.Status!;
            var said = $"{component.Name}: {status.Phase} {status.Message}";
            var secret = secrets.FirstOrDefault(s => s.Name == component.SecretName);
            Assert.True(secret is not null, $"there is no secret of {said}");
            var isMine = component.IsWell;
            if (!isMine)
            {
                // Then it is somebody else's, by name or by the value: a Component that stays, or nobody of this cluster.
                Assert.True(secret.OwnerDigest != component.OwnerDigest, said);
                Assert.True(secret.OwnerDigest is null || !IsOfThisCluster(secret) || components.Any(c => c.Config is not null && c.OwnerDigest == secret.OwnerDigest), said);
                Assert.True((bool?)component.Config["adopt"] != true, said);
                Assert.Equal(component.IsAlways || secret.IsScheduled ? Phase.Failed : Phase.Ready, status.Phase);
                if (status.Phase == Phase.Ready)
                    Assert.Equal("AlreadyExists", status.Condition("SecretPushed")?.Reason);
                continue;
            }

            Assert.Null(status.Applied!["pending"]);
            Assert.Single(status.Applied["targets"]!.AsArray());
            var current = VersionToken.Parse(secret.Current);
            var isCurrentMine = current?.Owner == component.OwnerDigest;
            if (isCurrentMine)
                Assert.Equal(secret.Current, (string?)status.ProviderStatus!["versionId"]);
            if ((string?)status.ProviderStatus!["versionId"] is { } version)
            {
                Assert.Contains(VersionToken.Parse(version)!, written.Of(secret.Arn));
                Assert.Equal(!isCurrentMine, status.Condition("Drifted") is not null);
                Assert.Equal(VersionToken.Parse(version)!.Owner == component.OwnerDigest, true);
            }

            if (component.IsAlways && isCurrentMine)
            {
                var value = JsonNode.Parse((await cluster.ByHand("GetSecretValue", new { SecretId = secret.Arn })).Ok().Text("SecretString"))!;
                Assert.Equal((string?)component.Config["fields"]!["username"]!["value"], (string?)value["username"]);
                Assert.Equal(1 + Generated, value.AsObject().Count);
                Assert.Equal(1 + Generated, (int?)status.ProviderStatus["fieldCount"]);
            }
        }
    }

    // Every secret of ours that stands is remembered by some Component, or was left on purpose, or was brought back by hand.
    private async Task AssertNothingLeftBehind()
    {
        var remembered = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var component in components)
            remembered.UnionWith(((await Stored(component))?.Status?.Applied?["targets"]?.AsArray() ?? []).Select(t => (string?)(t!["arn"] ?? t["name"])));
        foreach (var secret in secrets.Where(s => !s.IsScheduled && IsOfThisCluster(s)))
        {
            Assert.True(
                remembered.Contains(secret.Arn) || remembered.Contains(secret.Name) || forgotten.Contains(secret.Arn) || forgotten.Contains(secret.Name) || restoredByHand.Contains(secret.Arn)
                || cluster.EventTexts.Any(e => e.Contains($"SecretLeft: left {secret.Name} in place: deletionPolicy is Retain", StringComparison.Ordinal)
                    || e.Contains($"SecretLeft: left {secret.Name} in place for default/", StringComparison.Ordinal)),
                $"{secret.Name} was left behind");
        }
    }

    private bool IsOfThisCluster(SeenSecret secret) => components.Any(c => c.OwnerDigest == secret.OwnerDigest);

    private async Task<Component?> Stored(ModelledComponent component) =>
        await new ResourceClient<Component>(cluster.Store, ResourceType.Component, ApiJson.Default.Component)
            .Get(new("default", component.Name), TestContext.Current.CancellationToken);

    private void Note(string step) => steps.Add($"{Now:HH:mm:ss} {step}");

    private ModelledComponent Any() => components[random.Next(components.Length)];

    private T Any<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    private static bool IsWrite(string call) => call is "Replace" or "ReplaceStatus";
}
