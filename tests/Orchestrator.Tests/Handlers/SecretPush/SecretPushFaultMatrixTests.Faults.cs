using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>The faults of AWS and of the store, and the steps that a way takes.</summary>
public sealed partial class SecretPushFaultMatrixTests
{
    private static Func<PushedSecret, Task> Made(string options = "{}") => async push =>
    {
        await push.Put(Two(options));
        await Pass(push);
    };

    // Another process with the credentials of another account; it leaves the Component alone until somebody takes the annotation off.
    private static async Task InOtherAccount(PushedSecret push)
    {
        var component = await push.Stored();
        component["metadata"]!["annotations"] = new JsonObject { [ApiGroup.PausedAnnotation] = "true" };
        await push.Cluster.Store.Replace(component, TestContext.Current.CancellationToken);
        push.Cluster.Credentials = AwsCredentialsSource.AccessKey(await push.AccessKeyOf(OtherAccount), "made-up-for-this-test");
        await push.Cluster.Restart();
        await push.Cluster.WhenQuiet();
    }

    // The operator leaves alone what is restored until somebody takes the annotation off.
    private static Func<PushedSecret, Task> FromBackup(string options, bool withStatus, string cluster = "test-cluster", bool isDeleted = false) =>
        async push =>
    {
        await Made(options)(push);
        var backup = await push.BackUp();
        foreach (var component in backup)
            component["metadata"]!["annotations"] = new JsonObject { [ApiGroup.PausedAnnotation] = "true" };
        if (isDeleted)
            await push.Delete();
        push.Cluster.Identity = (cluster, ["test-cluster"]);
        await push.RestoreBackup(backup, withStatus);
    };

    private static async Task Resume(PushedSecret push)
    {
        var component = await push.Stored();
        component["metadata"]!.AsObject().Remove("annotations");
        await push.Cluster.Store.Replace(component, TestContext.Current.CancellationToken);
        await push.Cluster.WhenQuiet();
    }

    private static Func<PushedSecret, Task> Theirs(bool isScheduled = false) => async push =>
    {
        await push.Aws("CreateSecret", new { Name, SecretString = "theirs", ClientRequestToken = Guid.Empty.ToString() });
        if (isScheduled)
            await push.Aws("DeleteSecret", new { SecretId = Name });
        await Pass(push);
    };

    private static async Task Valueless(PushedSecret push)
    {
        var owner = new[] { new { Key = "deployment-orchestrator.io/owner", Value = "test-cluster/default/app-credentials" } };
        await push.Aws("CreateSecret", new { Name, ClientRequestToken = Guid.Empty.ToString(), Tags = owner });
        await Pass(push);
    }

    private static Trouble Queue(PushedSecret push, string operation, int nth, string fault)
    {
        var before = push.Cluster.SecretsManager.Calls.Snapshot().Count;
        bool HasCome() => push.Cluster.SecretsManager.Calls.Snapshot().Skip(before)
            .Any(c => c.ErrorCode is "ThrottlingException" or "Throttling" or "InternalServiceError" or "InternalFailure"
                or "InvalidParameterException" or "CutBefore" or "CutAfter");
        if (nth > 0)
            push.Faults.Queue(operation, Fault.None, nth);
        push.Faults.Queue(operation, fault switch
        {
            "Throttle" => Fault.Throttle,
            "InternalError" => Fault.InternalError,
            "Rejected" => Fault.Refusal("InvalidParameterException"),
            "CutBefore" or "KilledBefore" => Fault.CutBefore,
            _ => Fault.CutAfter,
        });
        // A killed process writes nothing any more: not what the answer that it never saw would have made it write, and nothing else.
        if (fault.StartsWith("Killed", StringComparison.Ordinal))
        {
            push.Cluster.Hooked.Before = (call, _) => IsWrite(call) && HasCome() ? Kill(push) : Task.CompletedTask;
        }

        return new(HasCome);
    }

    // After its end; or at the next, where it came too late for what was there by then and had none.
    private static Trouble KillAtWrite(PushedSecret push, int nth, bool after)
    {
        var (begun, ended, killed) = (0, 0, false);
        push.Cluster.Hooked.Before = (call, _) => IsWrite(call) && Interlocked.Increment(ref begun) > (after ? nth + 1 : nth) ? Die() : Task.CompletedTask;
        push.Cluster.Hooked.After = (call, _) => after && IsWrite(call) && Interlocked.Increment(ref ended) > nth ? Die() : Task.CompletedTask;
        return new(() => Volatile.Read(ref killed));

        Task Die()
        {
            Volatile.Write(ref killed, true);
            return Kill(push);
        }
    }

    private static Trouble FailAtWrite(PushedSecret push, int nth, string fault)
    {
        var (begun, ended) = (0, 0);
        push.Cluster.Hooked.Before = async (call, name) =>
        {
            if (!IsWrite(call))
                return;
            var write = Interlocked.Increment(ref begun) - 1;
            if (fault == "Conflict" && write == nth)
            {
                var component = await push.Stored(name);
                component["metadata"]!["labels"] = new JsonObject { ["somebody"] = "was-here" };
                await push.Cluster.Store.Replace(component, TestContext.Current.CancellationToken);
            }

            if ((fault == "Throttle" && write == nth) || (fault == "InternalError" && write >= nth && write < nth + InARow))
                throw new ResourceException(ResourceError.Unavailable, fault);
        };
        push.Cluster.Hooked.After = (call, _) => fault == "Lost" && IsWrite(call) && Interlocked.Increment(ref ended) == nth + 1
            ? Task.FromException(new ResourceException(ResourceError.Unavailable, "the answer was lost"))
            : Task.CompletedTask;
        return fault == "Lost"
            ? new(() => Volatile.Read(ref ended) > nth)
            : new(() => Volatile.Read(ref begun) > nth) { IsOver = () => Volatile.Read(ref begun) >= nth + (fault == "InternalError" ? InARow : 1) };
    }

    private static Task Kill(PushedSecret push)
    {
        push.Cluster.Kill();
        return Task.FromException(new OperationCanceledException("killed"));
    }

    private static JsonObject Two(string options = "{}", string username = "admin")
    {
        var config = Config(options, username);
        config["fields"]!["token"] = new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 20 } };
        return config;
    }

    /// <summary>A fault that is set. What never comes proves nothing.</summary>
    private sealed record Trouble(Func<bool> HasCome)
    {
        /// <summary>Whether it comes no more.</summary>
        public Func<bool> IsOver { get; init; } = HasCome;
    }

    private sealed record Way(Func<PushedSecret, Task> Prepare, Func<PushedSecret, Task> Act)
    {
        private const string Unsaid = "the Component's own";

        /// <summary>The one secret there is afterwards; null for none.</summary>
        public string? Secret { get; init; } = Name;

        /// <summary>How many versions it has then.</summary>
        public int Versions { get; init; } = 1;

        /// <summary>Where it is.</summary>
        public string Region { get; init; } = "us-east-1";

        /// <summary>The account it is in; null for the program's own.</summary>
        public string? Account { get; init; }

        /// <summary>Other secrets that are there afterwards, as <c>name</c> or <c>name, scheduled</c>, in the program's own region and account.</summary>
        public IReadOnlyList<string> Left { get; init; } = [];

        /// <summary>The secret is scheduled for deletion afterwards.</summary>
        public bool IsScheduled { get; init; }

        /// <summary>The Component is gone afterwards although there is a secret.</summary>
        public bool IsGone { get; init; }

        /// <summary>The Component whose the secret is by its tag; null for nobody's.</summary>
        public string? Owner { get; init; } = Unsaid;

        /// <summary>The cluster that the tag names.</summary>
        public string Cluster { get; init; } = "test-cluster";

        /// <summary>How the message begins of a Component that ends in a failure, of which nothing is written; null where it ends Ready.</summary>
        public string? Refused { get; init; }

        /// <summary>The phase of that failure.</summary>
        public string? Phase { get; init; }

        /// <summary>How the message begins.</summary>
        public string Says { get; init; } = "secret ";

        /// <summary>The condition SecretPushed.</summary>
        public string Pushed { get; init; } = "True";

        /// <summary>How many secrets are remembered.</summary>
        public int Targets { get; init; } = 1;

        public string? Possessor => Owner != Unsaid ? Owner : Refused is null ? "app-credentials" : null;

        public bool IsGenerating => Generates && Refused is null;

        /// <summary>A value is written on this way.</summary>
        public bool Generates { get; init; } = true;

        /// <summary>How many fields are generated at least, where that is not each once.</summary>
        public int? Generated { get; init; }

        /// <summary>How many secrets get a value on this way.</summary>
        public int Secrets { get; init; } = 1;

        /// <summary>Something is made or deleted at once on this way.</summary>
        public bool DependsOnLags { get; init; }

        /// <summary>AWS shows what was made or deleted only after a while.</summary>
        public bool Lags { get; init; }

        /// <summary>The Component itself wrote the value, on this way or before.</summary>
        public bool Writer { get; init; } = true;
    }
}
