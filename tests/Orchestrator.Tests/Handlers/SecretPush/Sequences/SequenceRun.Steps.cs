using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Sequences;

/// <summary>The steps of a sequence.</summary>
internal sealed partial class SequenceRun
{
    private const string ReplicaRegion = "eu-west-1";

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
        if (random.Next(8) == 0)
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
        var key =
            Any("username", "username", "tags", "description", "deletionPolicy", "updatePolicy", "updatePolicy", "secretName", "adopt",
            "recoveryWindowInDays", "kmsKeyId");
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
                config["adopt"] = (bool?)config["adopt"] != true;
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

    // Another Component that names the secret may take it over, and then writes when due.
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

    // The process is killed at a store write, or before it sees an answer of AWS.
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
            cluster.Hooked.Before = (call, _) =>
                IsWrite(call) && cluster.SecretsManager.Calls.Snapshot().Skip(calls).Any(c => c.ErrorCode is "CutBefore" or "CutAfter")
                    ? Kill() : Task.CompletedTask;
        }
        else
        {
            cluster.Hooked.Before = (call, _) => IsWrite(call) && Interlocked.Increment(ref begun) > (after ? nth + 1 : nth) ? Kill() : Task.CompletedTask;
            cluster.Hooked.After = (call, _) => after && IsWrite(call) && Interlocked.Increment(ref ended) > nth ? Kill() : Task.CompletedTask;
        }

        await Act();
        await cluster.WhenQuiet();
        cluster.Hooked.Before = cluster.Hooked.After = (_, _) => Task.CompletedTask;
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
        // Its other targets can no longer be known.
        forgotten.UnionWith((await Targets(component)).Select(Remembered));
        lostVersions.UnionWith(written.IdsBy(component.OwnerDigest));
        resource["status"] = new JsonObject();
        await cluster.Store.ReplaceStatus(resource, TestContext.Current.CancellationToken);
        // A write that took longer than a slot has the time at which it was due.
        var isLate = VersionToken.Parse(secrets.FirstOrDefault(s => s.Name == component.SecretName)?.Current)?.OccasionTime + ModelledComponent.Interval <= Now;
        component.Happens(component.IsWell && !isLate ? Due.Never : Due.Maybe, setsSlots: true);
        await Hidden(component.SecretName!);
    }
}
