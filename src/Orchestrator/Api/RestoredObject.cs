namespace DeploymentOrchestrator.Api;

/// <summary>Recognizes objects restored from a backup: they were not deleted and recreated to get new values.</summary>
internal static class RestoredObject
{
    /// <summary>The label that Velero puts on each object that it restores.</summary>
    /// <remarks>Source: https://github.com/vmware-tanzu/velero/blob/main/pkg/apis/velero/v1/labels_annotations.go.</remarks>
    public const string Label = "velero.io/restore-name";

    /// <summary>Whether an object came from a backup, or is a child of one that did.</summary>
    public static bool Is(ObjectMeta metadata) => metadata.Label(Label) is not null;

    /// <summary>Whether a Component came from a backup: it has the label, or its status is older than the Component itself.</summary>
    public static bool Is(Component component) => Is(component.Metadata)
        || component.Status?.Condition(Condition.Ready)?.LastTransitionTime < component.Metadata.CreationTimestamp;
}
