using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>The faults of AWS and of the store, and the steps of a scenario.</summary>
public sealed partial class SecretPushFaultMatrixTests
{
    private static Func<PushedSecret, Task> Made(string options = "{}") => async push =>
    {
        await push.Put(Two(options));
        await Pass(push);
    };

    // Another process with the credentials of another account; it leaves the Component alone until the annotation is removed.
    private static async Task InOtherAccount(PushedSecret push)
    {
        var component = await push.Stored();
        component["metadata"]!["annotations"] = new JsonObject { [ApiGroup.PausedAnnotation] = "true" };
        await push.Cluster.Store.Replace(component, TestContext.Current.CancellationToken);
        push.Cluster.Credentials = AwsCredentialsSource.AccessKey(await push.AccessKeyOf(OtherAccount), "made-up-for-this-test");
        await push.Cluster.Restart();
        await push.Cluster.WhenQuiet();
    }

    // The operator leaves restored objects alone until the annotation is removed.
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
        // A killed process writes nothing more, whatever the answer that it never saw would have caused.
        if (fault.StartsWith("Killed", StringComparison.Ordinal))
        {
            push.Cluster.Hooked.Before = (call, _) => IsWrite(call) && HasCome() ? Kill(push) : Task.CompletedTask;
        }

        return new(HasCome);
    }

    // After that write succeeds; or at the next one if that write came too late and was refused.
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

    /// <summary>A fault that is set. A fault that never occurs proves nothing.</summary>
    private sealed record Trouble(Func<bool> HasCome)
    {
        /// <summary>Whether it no longer occurs.</summary>
        public Func<bool> IsOver { get; init; } = HasCome;
    }

    private sealed record Way(Func<PushedSecret, Task> Prepare, Func<PushedSecret, Task> Act)
    {
        private const string Unstated = "the Component's own";

        /// <summary>The single secret that exists afterwards; null for none.</summary>
        public string? Secret { get; init; } = Name;

        /// <summary>The number of its versions then.</summary>
        public int Versions { get; init; } = 1;

        /// <summary>Its region.</summary>
        public string Region { get; init; } = "us-east-1";

        /// <summary>Its account; null for the program's own.</summary>
        public string? Account { get; init; }

        /// <summary>Other secrets that exist afterwards, as <c>name</c> or <c>name, scheduled</c>, in the program's own region and account.</summary>
        public IReadOnlyList<string> Left { get; init; } = [];

        /// <summary>Whether the secret is scheduled for deletion afterwards.</summary>
        public bool IsScheduled { get; init; }

        /// <summary>Whether the Component no longer exists afterwards although a secret does.</summary>
        public bool IsGone { get; init; }

        /// <summary>The Component that owns the secret by its tag; null for no owner tag.</summary>
        public string? Owner { get; init; } = Unstated;

        /// <summary>The cluster that the tag names.</summary>
        public string Cluster { get; init; } = "test-cluster";

        /// <summary>The beginning of the message of a Component that ends in a failure and writes nothing; null if it ends Ready.</summary>
        public string? Refused { get; init; }

        /// <summary>The phase of that failure.</summary>
        public string? Phase { get; init; }

        /// <summary>The beginning of the message.</summary>
        public string Says { get; init; } = "secret ";

        /// <summary>The condition SecretPushed.</summary>
        public string Pushed { get; init; } = "True";

        /// <summary>The number of targets in the state.</summary>
        public int Targets { get; init; } = 1;

        public string? Possessor => Owner != Unstated ? Owner : Refused is null ? "app-credentials" : null;

        public bool IsGenerating => Generates && Refused is null;

        /// <summary>Whether a value is written in this scenario.</summary>
        public bool Generates { get; init; } = true;

        /// <summary>The minimum number of generated fields, if not each once.</summary>
        public int? Generated { get; init; }

        /// <summary>The number of secrets that get a value in this scenario.</summary>
        public int Secrets { get; init; } = 1;

        /// <summary>Whether a secret is created or deleted at once in this scenario.</summary>
        public bool DependsOnLags { get; init; }

        /// <summary>Whether AWS shows creations and deletions only after a while.</summary>
        public bool Lags { get; init; }

        /// <summary>Whether the Component itself wrote the value, in this scenario or before.</summary>
        public bool Writer { get; init; } = true;
    }
}
