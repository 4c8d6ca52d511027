namespace DeploymentOrchestrator.Api;

/// <summary>The names of the handlers that come with the operator, as <c>spec.handler</c> and an entry's <c>type</c> write them.</summary>
internal static class HandlerNames
{
    /// <summary>Pushes secrets to AWS Secrets Manager; SecretPolicies are for its Components.</summary>
    public const string SecretPush = "secret-push";

    /// <summary>Applies Kubernetes objects.</summary>
    public const string Manifest = "manifest";

    /// <summary>Reads values from ConfigMaps.</summary>
    public const string ConfigReader = "config-reader";
}
