namespace DeploymentOrchestrator.Kubernetes;

/// <summary>The timeouts and page size of a <see cref="KubernetesResourceStore"/>. Values outside their limits are refused at once.</summary>
internal sealed record KubernetesStoreOptions
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The timeout of an answer; for a watch, of its beginning. 1 s or more; default 60 s, the API server's own limit.</summary>
    public TimeSpan RequestTimeout { get; init => field = AtLeast(value, Second); } = TimeSpan.FromSeconds(60);

    /// <summary>When the server ends a watch, so that watches spread over its replicas again. 1 s or more; default 5 min.</summary>
    public TimeSpan WatchTimeout { get; init => field = AtLeast(value, Second); } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a watch with bookmarks may be silent before its connection counts as stalled. API servers send a bookmark a minute; 2 min or more; default 3
    /// min. A watch without one is stalled 30 s after <see cref="WatchTimeout"/>: a server sends no bookmarks for a kind that has not changed since the
    /// server started.
    /// </summary>
    public TimeSpan BookmarkTimeout { get; init => field = AtLeast(value, TimeSpan.FromMinutes(2)); } = TimeSpan.FromMinutes(3);

    /// <summary>After how much silence a connection is pinged, and the timeout of the ping. 1 s or more; default 15 s.</summary>
    public TimeSpan PingAfter { get; init => field = AtLeast(value, Second); } = TimeSpan.FromSeconds(15);

    /// <summary>The most resources in one page of a list; 1 or more; default 500, like kubectl.</summary>
    public int PageSize { get; init => field = AtLeast(value, 1); } = 500;

    private static T AtLeast<T>(T value, T least)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        return value;
    }
}
