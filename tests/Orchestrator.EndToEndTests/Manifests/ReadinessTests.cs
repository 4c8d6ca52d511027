using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Manifests;

/// <summary>A Component is Ready only when its objects are. kube-controller-manager runs; the test writes what a kubelet would report.</summary>
public sealed class ReadinessTests(KubernetesCluster cluster, Installation installation) : ManifestTest(cluster, installation)
{
    private static readonly ResourceType Deployment = new("apps", "v1", "Deployment");
    private static readonly ResourceType Job = new("batch", "v1", "Job");
    private static readonly ResourceType Pod = new("", "v1", "Pod");

    [Fact]
    public async Task A_Deployment_is_Ready_only_while_its_Pods_are()
    {
        await StartOperator();
        await Manifests("app", Object("apps/v1", "Deployment", "web", """
            {"spec": {"replicas": 1, "progressDeadlineSeconds": 2, "selector": {"matchLabels": {"app": "web"}}, "template": {
              "metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "example.com/web:1"}]}}}}
            """));

        // Its Pods never run; the Deployment's controller reports that after its deadline.
        await WaitFor("app", "Failed", $"Deployment {Namespace}/web failed: ReplicaSet", "has timed out progressing");

        await SimulateKubelet(
            """{"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}], "containerStatuses": """
            + """[{"name": "web", "image": "i", "imageID": "i", "ready": true, "restartCount": 0, "state": {"running": {}}}]}""");
        await Ready("app");

        await SimulateKubelet(
            """{"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}], "containerStatuses": """
            + """[{"name": "web", "image": "i", "imageID": "i", "ready": false, "restartCount": 9, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]}""");
        await WaitFor("app", "Deploying", $"0 of 1 resource ready; Deployment {Namespace}/web: available: 0 of 1");
    }

    [Fact]
    public async Task A_failed_Job_is_Failed_and_a_complete_Job_is_Ready()
    {
        const string spec = """
            {"spec": {"backoffLimit": 0, "template": {"metadata": {"labels": {"job": "NAME"}}, "spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "example.com/a:1"}]}}}}
            """;
        await StartOperator();
        await Manifests("bad", Object("batch/v1", "Job", "bad", spec.Replace("NAME", "bad", StringComparison.Ordinal)));
        await Manifests("good", Object("batch/v1", "Job", "good", spec.Replace("NAME", "good", StringComparison.Ordinal)));
        await WaitFor("bad", "Deploying", $"Job {Namespace}/bad: is not complete yet");

        await SimulateKubelet("""{"phase": "Failed"}""", "bad");
        await SimulateKubelet("""{"phase": "Succeeded"}""", "good");

        await WaitFor("bad", "Failed", $"Job {Namespace}/bad failed: Job has reached the specified backoff limit");
        await Ready("good");

        // Deleting the Job is the remedy; no edit is needed.
        await Store.Delete(Job, new(Namespace, "bad"), new(), Cancellation);
        await WaitFor("bad", "Deploying", $"Job {Namespace}/bad: is not");
    }

    [Fact]
    public async Task A_custom_resource_is_Ready_when_its_controller_reports_so_for_the_current_generation()
    {
        await StartOperator();
        await Manifests("thing", Object("tests.example.com/v1", "Widget", "w", """{"spec": {"size": 1}}"""));
        await Ready("thing");

        await Condition("Ready", "False", "no disk");
        await WaitFor("thing", "Deploying", $"Widget {Namespace}/w: no disk");
        await Condition("Stalled", "True", "never again");
        await WaitFor("thing", "Failed", $"Widget {Namespace}/w failed: never again");
        await Condition("Reconciling", "True", "making a disk");
        await WaitFor("thing", "Deploying", "making a disk");
        await Condition("Ready", "True", "");
        await Ready("thing");

        // The controller has not observed the new spec yet, so its status for the old one no longer counts.
        await Manifests("thing", Object("tests.example.com/v1", "Widget", "w", """{"spec": {"size": 2}}"""));
        await WaitFor("thing", "Deploying", $"Widget {Namespace}/w: generation 2 is not observed yet, 1 is");
        await Condition("Ready", "True", "");
        await Ready("thing");
    }

    [Fact]
    public async Task An_object_deleted_by_another_client_is_applied_again_once_no_finalizer_holds_it()
    {
        await StartOperator();
        await Manifests("thing", ConfigMap("a", "1"));
        await Ready("thing");
        var before = (string?)(await Live(ResourceType.ConfigMap, "a"))!["metadata"]!["uid"];

        await Store.Delete(ResourceType.ConfigMap, new(Namespace, "a"), new(), Cancellation);
        await UntilLive(ResourceType.ConfigMap, "a", o => o is not null && (string?)o["metadata"]!["uid"] != before, "comes back");

        var held = (await Live(ResourceType.ConfigMap, "a"))!;
        held["metadata"]!["finalizers"] = new JsonArray("example.com/held");
        await Store.Replace(held, Cancellation);
        await Store.Delete(ResourceType.ConfigMap, new(Namespace, "a"), new(), Cancellation);
        await WaitFor("thing", "Deploying", $"waiting for ConfigMap {Namespace}/a to finish deleting before it is applied again");

        held = (await Live(ResourceType.ConfigMap, "a"))!;
        held["metadata"]!.AsObject().Remove("finalizers");
        await Store.Replace(held, Cancellation);
        await Ready("thing");
        Assert.Null((await Live(ResourceType.ConfigMap, "a"))!["metadata"]!["deletionTimestamp"]);
    }

    [Fact]
    public async Task Drift_is_corrected_at_once_and_fields_of_other_managers_are_kept()
    {
        await StartOperator();
        await Manifests("thing", ConfigMap("a", "ours"));
        await Ready("thing");

        var live = (await Live(ResourceType.ConfigMap, "a"))!;
        live["data"] = new JsonObject { ["k"] = "drifted", ["more"] = "theirs" };
        await Store.Replace(live, Cancellation);

        var mended = await UntilLive(ResourceType.ConfigMap, "a", o => (string?)o!["data"]!["k"] == "ours", "as it was");
        Assert.Equal("theirs", (string?)mended!["data"]!["more"]);
    }

    private Task Condition(string type, string status, string message) => SetStatus(
        Widget, "w", $$"""{"observedGeneration": GENERATION, "conditions": [{"type": "{{type}}", "status": "{{status}}", "message": "{{message}}"}]}""");

    // There is no kubelet: the test writes the status of all Pods, or of a Job's, as a kubelet would.
    private async Task SimulateKubelet(string status, string? job = null)
    {
        IReadOnlyList<JsonObject> pods = [];
        await Eventually.Holds(
            async () =>
                (pods = [.. (await Store.List(Pod, Namespace, Cancellation)).Items.Where(p => job is null
                || (string?)p["metadata"]!["labels"]!["job"] == job)]).Count > 0,
            "a Pod");
        foreach (var pod in pods)
            await SetStatus(Pod, (string)pod["metadata"]!["name"]!, status);
    }
}
