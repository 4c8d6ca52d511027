using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers.Manifest;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

public sealed class ReadinessTests
{
    private const string Replicas3 = "\"replicas\":3,\"updatedReplicas\":3,\"availableReplicas\":3,\"readyReplicas\":3";
    private const string Available = "{\"type\":\"Available\",\"status\":\"True\"}";
    private const string RolledOut = "{\"type\":\"Progressing\",\"status\":\"True\",\"reason\":\"NewReplicaSetAvailable\"}";

    [Theory]
    // Any kind.
    [InlineData("example.org/v1 Thing", "{}", "{}", "Current")]
    [InlineData("example.org/v1 Thing", "{}", """{"observedGeneration":2}""", "Current")]
    [InlineData("example.org/v1 Thing", "{}", """{"observedGeneration":1}""", "InProgress: generation 2 is not observed yet, 1 is")]
    [InlineData("example.org/v1 Thing", "{}", """{"conditions":[{"type":"Ready","status":"True"}]}""", "Current")]
    [InlineData("example.org/v1 Thing", "{}", """{"conditions":[{"type":"Ready","status":"False","reason":"SecretSyncedError","message":"no such secret"}]}""",
        "InProgress: no such secret")]
    [InlineData("example.org/v1 Thing", "{}", """{"conditions":[{"type":"Ready","status":"Unknown","reason":"Starting"}]}""", "InProgress: Starting")]
    // Text from other controllers is shown on one line.
    [InlineData("example.org/v1 Thing", "{}", """{"conditions":[{"type":"Ready","status":"False","reason":"a\n\u001b[2Kb"}]}""", "InProgress: a [2Kb")]
    [InlineData("example.org/v1 Thing", "{}", """{"conditions":[{"type":"Ready","status":"no\u202egood"}]}""", "InProgress: Ready is no good")]
    [InlineData("v1 Pod", "{}", """{"phase":"Failed","message":"evicted\nby \u001b[1mnode"}""", "Failed: evicted by [1mnode")]
    [InlineData("example.org/v1 Thing", "{}", """{"conditions":[{"type":"Ready","status":"False"}]}""", "InProgress: Ready is False")]
    [InlineData("example.org/v1 Thing", "{}", """{"conditions":[{"type":"Ready","status":"True","observedGeneration":1}]}""",
        "InProgress: generation 2 is not observed yet, 1 is")]
    [InlineData("example.org/v1 Thing", "{}", """{"conditions":[{"type":"Ready","status":"True","observedGeneration":2}]}""", "Current")]
    [InlineData("external-secrets.io/v1 ExternalSecret", "{}", "{}", "InProgress: External Secrets Operator has not reported a status yet")]
    [InlineData("external-secrets.io/v1 ExternalSecret", "{}", """{"conditions":[{"type":"Ready","status":"True"}]}""", "InProgress: is not synced yet")]
    [InlineData("external-secrets.io/v1 ExternalSecret", "{}", """{"conditions":[{"type":"Ready","status":"True"}],"syncedResourceVersion":"2-9f0c"}""",
        "Current")]
    [InlineData("example.org/v1 Thing", "{}", """{"conditions":[{"type":"Ready","status":"True"},{"type":"Reconciling","status":"True","message":"rolls"}]}""",
        "InProgress: rolls")]
    [InlineData("example.org/v1 Thing", "{}", """{"conditions":[{"type":"Ready","status":"True"},{"type":"Stalled","status":"True","message":"gave up"}]}""",
        "Failed: gave up")]
    [InlineData("example.org/v1 Thing", "{}", """{"conditions":[{"type":"Reconciling","status":"False"},{"type":"Stalled","status":"False"}]}""", "Current")]
    [InlineData("example.org/v1 Thing", "{}", """{"conditions":"none","observedGeneration":"two"}""", "Current")]
    // A kind of the same name in another group has no rules of its own.
    [InlineData("example.org/v1 Deployment", "{}", "{}", "Current")]
    [InlineData("v1 ConfigMap", "{}", "{}", "Current")]
    [InlineData("v1 Secret", "{}", "{}", "Current")]
    [InlineData("batch/v1 CronJob", "{}", "{}", "Current")]
    // Deployment.
    [InlineData("apps/v1 Deployment", "{\"replicas\":3}", "{}", "InProgress: replicas: 0 of 3")]
    [InlineData("apps/v1 Deployment", "{}", "{}", "InProgress: replicas: 0 of 1")]
    [InlineData("apps/v1 Deployment", "{\"replicas\":3}", """{"replicas":3,"updatedReplicas":1}""", "InProgress: updated: 1 of 3")]
    [InlineData("apps/v1 Deployment", "{\"replicas\":3}", """{"replicas":4,"updatedReplicas":3}""", "InProgress: 1 more than desired still to be removed")]
    [InlineData("apps/v1 Deployment", "{\"replicas\":3}", """{"replicas":3,"updatedReplicas":3,"availableReplicas":2}""", "InProgress: available: 2 of 3")]
    [InlineData("apps/v1 Deployment", "{\"replicas\":3}", """{"replicas":3,"updatedReplicas":3,"availableReplicas":3,"readyReplicas":2}""",
        "InProgress: ready: 2 of 3")]
    [InlineData("apps/v1 Deployment", "{\"replicas\":3}", "{" + Replicas3 + "}", "InProgress: is not available yet")]
    [InlineData("apps/v1 Deployment", "{\"replicas\":3}", "{" + Replicas3 + ",\"conditions\":[" + Available + "]}", "Current")]
    [InlineData("apps/v1 Deployment", "{\"replicas\":3,\"progressDeadlineSeconds\":600}", "{" + Replicas3 + ",\"conditions\":[" + Available + "]}",
        "InProgress: the new ReplicaSet is not available yet")]
    [InlineData("apps/v1 Deployment", "{\"replicas\":3,\"progressDeadlineSeconds\":600}", "{" + Replicas3 + ",\"conditions\":[" + Available + "," + RolledOut
        + "]}", "Current")]
    [InlineData("apps/v1 Deployment", "{\"replicas\":3,\"progressDeadlineSeconds\":2147483647}", "{" + Replicas3 + ",\"conditions\":[" + Available
        + "]}", "Current")]
    [InlineData("apps/v1 Deployment", "{}",
        """{"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"timed out"}]}""", "Failed: timed out")]
    [InlineData("apps/v1 Deployment", "{\"replicas\":0}", "{\"conditions\":[" + Available + "]}", "Current")]
    // ReplicaSet.
    [InlineData("apps/v1 ReplicaSet", "{}", "{}", "InProgress: labelled: 0 of 1")]
    [InlineData("apps/v1 ReplicaSet", "{}", """{"fullyLabeledReplicas":1}""", "InProgress: available: 0 of 1")]
    [InlineData("apps/v1 ReplicaSet", "{}", """{"fullyLabeledReplicas":1,"availableReplicas":1}""", "InProgress: ready: 0 of 1")]
    [InlineData("apps/v1 ReplicaSet", "{}", """{"fullyLabeledReplicas":1,"availableReplicas":1,"readyReplicas":1,"replicas":2}""",
        "InProgress: 1 more than desired still to be removed")]
    [InlineData("apps/v1 ReplicaSet", "{}", """{"fullyLabeledReplicas":1,"availableReplicas":1,"readyReplicas":1,"replicas":1}""", "Current")]
    [InlineData("apps/v1 ReplicaSet", "{}", """{"conditions":[{"type":"ReplicaFailure","status":"True","message":"quota"}]}""", "InProgress: quota")]
    // DaemonSet.
    [InlineData("apps/v1 DaemonSet", "{}", "{}", "InProgress: is not observed yet")]
    [InlineData("apps/v1 DaemonSet", "{}", """{"observedGeneration":2}""", "InProgress: is not observed yet")]
    [InlineData("apps/v1 DaemonSet", "{}", """{"observedGeneration":2,"desiredNumberScheduled":2,"currentNumberScheduled":1}""",
        "InProgress: scheduled: 1 of 2")]
    [InlineData("apps/v1 DaemonSet", "{}", """{"observedGeneration":2,"desiredNumberScheduled":2,"currentNumberScheduled":2,"updatedNumberScheduled":1}""",
        "InProgress: updated: 1 of 2")]
    [InlineData("apps/v1 DaemonSet", "{}",
        """{"observedGeneration":2,"desiredNumberScheduled":2,"currentNumberScheduled":2,"updatedNumberScheduled":2,"numberAvailable":1}""",
        "InProgress: available: 1 of 2")]
    [InlineData("apps/v1 DaemonSet", "{}",
        """{"observedGeneration":2,"desiredNumberScheduled":2,"currentNumberScheduled":2,"updatedNumberScheduled":2,"numberAvailable":2,"numberReady":1}""",
        "InProgress: ready: 1 of 2")]
    [InlineData("apps/v1 DaemonSet", "{}", """{"observedGeneration":2,"desiredNumberScheduled":0}""", "Current")]
    // StatefulSet.
    [InlineData("apps/v1 StatefulSet", "{}", "{}", "InProgress: replicas: 0 of 1")]
    [InlineData("apps/v1 StatefulSet", "{}", """{"replicas":1}""", "InProgress: ready: 0 of 1")]
    [InlineData("apps/v1 StatefulSet", "{}", """{"replicas":2,"readyReplicas":1}""", "InProgress: 1 more than desired still to be removed")]
    [InlineData("apps/v1 StatefulSet", "{}", """{"replicas":1,"readyReplicas":1}""", "InProgress: current: 0 of 1")]
    [InlineData("apps/v1 StatefulSet", "{}", """{"replicas":1,"readyReplicas":1,"currentReplicas":1,"currentRevision":"a","updateRevision":"b"}""",
        "InProgress: not every replica has the new revision yet")]
    [InlineData("apps/v1 StatefulSet", "{}", """{"replicas":1,"readyReplicas":1,"currentReplicas":1,"currentRevision":"b","updateRevision":"b"}""", "Current")]
    [InlineData("apps/v1 StatefulSet", """{"updateStrategy":{"type":"OnDelete"}}""", "{}", "Current")]
    [InlineData("apps/v1 StatefulSet", """{"replicas":3,"updateStrategy":{"rollingUpdate":{"partition":1}}}""",
        """{"replicas":3,"readyReplicas":3,"updatedReplicas":1}""", "InProgress: updated: 1 of 2")]
    [InlineData("apps/v1 StatefulSet", """{"replicas":3,"updateStrategy":{"rollingUpdate":{"partition":1}}}""",
        """{"replicas":3,"readyReplicas":3,"updatedReplicas":2}""", "Current")]
    // Job.
    [InlineData("batch/v1 Job", "{}", "{}", "InProgress: is not started yet")]
    [InlineData("batch/v1 Job", "{}", """{"startTime":"2026-01-01T00:00:00Z"}""", "InProgress: is not complete yet")]
    [InlineData("batch/v1 Job", "{}", """{"conditions":[{"type":"Complete","status":"True"}]}""", "Current")]
    [InlineData("batch/v1 Job", "{}", """{"conditions":[{"type":"Suspended","status":"True"}]}""", "Current")]
    [InlineData("batch/v1 Job", "{}", """{"conditions":[{"type":"Failed","status":"True","message":"backoff limit"}]}""", "Failed: backoff limit")]
    // Pod.
    [InlineData("v1 Pod", "{}", "{}", "InProgress: does not run yet")]
    [InlineData("v1 Pod", "{}", """{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","message":"no node"}]}""",
        "InProgress: is not scheduled yet: no node")]
    [InlineData("v1 Pod", "{}", """{"phase":"Running"}""", "InProgress: runs and is not ready yet")]
    [InlineData("v1 Pod", "{}", """{"phase":"Running","containerStatuses":[{"name":"web","state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}""",
        "Failed: keeps crashing: web")]
    [InlineData("v1 Pod", "{}", """{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}""", "Current")]
    [InlineData("v1 Pod", "{}", """{"phase":"Succeeded"}""", "Current")]
    [InlineData("v1 Pod", "{}", """{"phase":"Failed"}""", "Failed: ended in failure")]
    [InlineData("v1 Pod", "{}", """{"phase":"Failed","message":"evicted"}""", "Failed: evicted")]
    // The rest.
    [InlineData("v1 PersistentVolumeClaim", "{}", """{"phase":"Pending"}""", "InProgress: is not bound yet")]
    [InlineData("v1 PersistentVolumeClaim", "{}", """{"phase":"Bound"}""", "Current")]
    [InlineData("v1 Service", "{}", "{}", "Current")]
    [InlineData("v1 Service", """{"type":"LoadBalancer"}""", "{}", "InProgress: has no cluster IP yet")]
    [InlineData("v1 Service", """{"type":"LoadBalancer","clusterIP":"10.0.0.1"}""", "{}", "Current")]
    [InlineData("policy/v1 PodDisruptionBudget", "{}", "{}", "Current")]
    [InlineData("apiextensions.k8s.io/v1 CustomResourceDefinition", "{}", "{}", "InProgress: is not established yet")]
    [InlineData("apiextensions.k8s.io/v1 CustomResourceDefinition", "{}", """{"conditions":[{"type":"Established","status":"False","reason":"Installing"}]}""",
        "InProgress: is not established yet")]
    [InlineData("apiextensions.k8s.io/v1 CustomResourceDefinition", "{}",
        """{"conditions":[{"type":"Established","status":"False","reason":"NotAccepted","message":"taken"}]}""", "Failed: taken")]
    [InlineData("apiextensions.k8s.io/v1 CustomResourceDefinition", "{}", """{"conditions":[{"type":"NamesAccepted","status":"False","message":"taken"}]}""",
        "Failed: taken")]
    [InlineData("apiextensions.k8s.io/v1 CustomResourceDefinition", "{}", """{"conditions":[{"type":"Established","status":"True"}]}""", "Current")]
    public void Readiness_follows_the_rules_of_kstatus(string type, string spec, string status, string expected)
    {
        var names = type.Split(' ');
        var resource = new JsonObject
        {
            ["apiVersion"] = names[0],
            ["kind"] = names[1],
            ["metadata"] = new JsonObject { ["name"] = "it", ["generation"] = 2 },
            ["spec"] = JsonNode.Parse(spec),
            ["status"] = JsonNode.Parse(status),
        };
        var readiness = Readiness.Of(resource);
        Assert.Equal(expected, readiness.Message.Length == 0 ? $"{readiness.State}" : $"{readiness.State}: {readiness.Message}");
    }

    [Fact]
    public void An_object_that_is_being_deleted_is_not_ready()
    {
        var resource =
            JsonNode.Parse("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"it","deletionTimestamp":"2026-01-01T00:00:00Z"}}""")!.AsObject();
        Assert.Equal(Readiness.InProgress("is being deleted"), Readiness.Of(resource));
    }
}
