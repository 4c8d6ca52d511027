using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>The readiness of Kubernetes' own kinds, from their status fields; see <see cref="Readiness"/> for the source.</summary>
internal static class WorkloadReadiness
{
    /// <summary>The readiness of a kind with its own rules; null for any other.</summary>
    public static Readiness? Of(string group, string kind, ResourceView view) => (group, kind) switch
    {
        ("apps" or "extensions", "Deployment") => Deployment(view),
        ("apps" or "extensions", "ReplicaSet") => ReplicaSet(view),
        ("apps" or "extensions", "DaemonSet") => DaemonSet(view),
        ("apps", "StatefulSet") => StatefulSet(view),
        ("batch", "Job") => Job(view),
        ("", "Pod") => Pod(view),
        ("", "PersistentVolumeClaim") => PersistentVolumeClaim(view),
        ("", "Service") => Service(view),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => CustomResourceDefinition(view),
        ("", "ConfigMap" or "Secret") or ("batch", "CronJob") or ("policy", "PodDisruptionBudget") => Readiness.Current,
        _ => null,
    };

    private static Readiness Deployment(ResourceView view)
    {
        var progressing = view.Condition("Progressing");
        if (progressing?.Text("reason") == "ProgressDeadlineExceeded")
            return Readiness.Failed(Readiness.Say(progressing.Value));

        var wanted = view.Number("spec", "replicas") ?? 1;
        var there = Status(view, "replicas");
        var updated = Status(view, "updatedReplicas");

        // Without a deadline (int32's maximum means none) the controller sets no Progressing condition.
        var rolledOut = view.Number("spec", "progressDeadlineSeconds") is null or int.MaxValue
            || (progressing?.Text("status"), progressing?.Text("reason")) == ("True", "NewReplicaSetAvailable");
        return Fewer(there, wanted, "replicas")
            ?? Fewer(updated, wanted, "updated")
            ?? More(there, wanted)
            ?? Fewer(Status(view, "availableReplicas"), updated, "available")
            ?? Fewer(Status(view, "readyReplicas"), wanted, "ready")
            ?? (rolledOut ? null : Readiness.InProgress("the new ReplicaSet is not available yet"))
            ?? (view.HasCondition("Available", "True") ? Readiness.Current : Readiness.InProgress("is not available yet"));
    }

    private static Readiness ReplicaSet(ResourceView view)
    {
        if (view.Condition("ReplicaFailure") is { } failure && failure.Text("status") == "True")
            return Readiness.InProgress(Readiness.Say(failure));
        var wanted = view.Number("spec", "replicas") ?? 1;
        return Fewer(Status(view, "fullyLabeledReplicas"), wanted, "labelled")
            ?? Fewer(Status(view, "availableReplicas"), wanted, "available")
            ?? Fewer(Status(view, "readyReplicas"), wanted, "ready")
            ?? More(Status(view, "replicas"), wanted)
            ?? Readiness.Current;
    }

    private static Readiness DaemonSet(ResourceView view)
    {
        // Zero nodes may mean that the controller has not counted yet: only the observed generation shows it.
        if (view.Number("status", "observedGeneration") is null || view.Number("status", "desiredNumberScheduled") is not { } wanted)
            return Readiness.InProgress("is not observed yet");
        return Fewer(Status(view, "currentNumberScheduled"), wanted, "scheduled")
            ?? Fewer(Status(view, "updatedNumberScheduled"), wanted, "updated")
            ?? Fewer(Status(view, "numberAvailable"), wanted, "available")
            ?? Fewer(Status(view, "numberReady"), wanted, "ready")
            ?? Readiness.Current;
    }

    private static Readiness StatefulSet(ResourceView view)
    {
        // Its Pods are replaced when a user deletes them, so there is no rollout to wait for.
        if (view.Text("spec", "updateStrategy", "type") == "OnDelete")
            return Readiness.Current;

        var wanted = view.Number("spec", "replicas") ?? 1;
        var pending = Fewer(Status(view, "replicas"), wanted, "replicas")
            ?? Fewer(Status(view, "readyReplicas"), wanted, "ready")
            ?? More(Status(view, "replicas"), wanted);
        if (pending is not null)
            return pending;
        if (view.Number("spec", "updateStrategy", "rollingUpdate", "partition") is { } partition)
            return Fewer(Status(view, "updatedReplicas"), wanted - partition, "updated") ?? Readiness.Current;
        return Fewer(Status(view, "currentReplicas"), wanted, "current")
            ?? (view.Text("status", "currentRevision") == view.Text("status", "updateRevision")
                ? Readiness.Current
                : Readiness.InProgress("not every replica has the new revision yet"));
    }

    private static Readiness Job(ResourceView view)
    {
        if (view.Condition("Failed") is { } failed && failed.Text("status") == "True")
            return Readiness.Failed(Readiness.Say(failed));
        return view.HasCondition("Complete", "True") || view.HasCondition("Suspended", "True") ? Readiness.Current
            : view.Text("status", "startTime") is null ? Readiness.InProgress("is not started yet")
            : Readiness.InProgress("is not complete yet");
    }

    private static Readiness Pod(ResourceView view)
    {
        switch (view.Text("status", "phase"))
        {
            case "Succeeded":
                return Readiness.Current;
            case "Failed":
                return Readiness.Failed(view.Text("status", "message") is { Length: > 0 } message ? ForeignText.Clean(message) : "ended in failure");
            case "Running" when view.HasCondition("Ready", "True"):
                return Readiness.Current;
            case "Running":
                var looping = view.Items("status", "containerStatuses")
                    .Where(c => c.Text("state", "waiting", "reason") == "CrashLoopBackOff")
                    .Select(c => c.Text("name"))
                    .ToList();
                return looping.Count > 0
                    ? Readiness.Failed($"keeps crashing: {string.Join(", ", looping)}")
                    : Readiness.InProgress("runs and is not ready yet");
            default:
                return view.Condition("PodScheduled") is { } scheduled && scheduled.Text("status") == "False"
                    ? Readiness.InProgress($"is not scheduled yet: {Readiness.Say(scheduled)}")
                    : Readiness.InProgress("does not run yet");
        }
    }

    private static Readiness PersistentVolumeClaim(ResourceView view) =>
        view.Text("status", "phase") == "Bound" ? Readiness.Current : Readiness.InProgress("is not bound yet");

    private static Readiness Service(ResourceView view) =>
        view.Text("spec", "type") == "LoadBalancer" && string.IsNullOrEmpty(view.Text("spec", "clusterIP"))
            ? Readiness.InProgress("has no cluster IP yet")
            : Readiness.Current;

    private static Readiness CustomResourceDefinition(ResourceView view)
    {
        if (view.Condition("NamesAccepted") is { } names && names.Text("status") == "False")
            return Readiness.Failed(Readiness.Say(names));
        if (view.Condition("Established") is { } established)
        {
            if (established.Text("status") == "True")
                return Readiness.Current;
            if (established.Text("status") == "False" && established.Text("reason") != "Installing")
                return Readiness.Failed(Readiness.Say(established));
        }

        return Readiness.InProgress("is not established yet");
    }

    private static long Status(ResourceView view, string field) => view.Number("status", field) ?? 0;

    private static Readiness? Fewer(long there, long wanted, string what) =>
        there < wanted ? Readiness.InProgress($"{what}: {there} of {wanted}") : null;

    private static Readiness? More(long there, long wanted) =>
        there > wanted ? Readiness.InProgress($"{there - wanted} more than desired still to be removed") : null;
}
