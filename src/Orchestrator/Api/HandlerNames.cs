namespace DeploymentOrchestrator.Api;

/// <summary>The names of the built-in handlers, as in <c>spec.handler</c> and an entry's <c>type</c>.</summary>
internal static class HandlerNames
{
    /// <summary>Pushes secrets to AWS Secrets Manager; SecretPolicies apply to its Components.</summary>
    public const string SecretPush = "secret-push";

    /// <summary>Applies Kubernetes objects.</summary>
    public const string Manifest = "manifest";

    /// <summary>Reads values from ConfigMaps and other objects.</summary>
    public const string ConfigReader = "config-reader";
}
