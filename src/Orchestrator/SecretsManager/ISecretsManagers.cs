namespace DeploymentOrchestrator.SecretsManager;

/// <summary>The ways to Secrets Manager: one for each region, role, external id and namespace.</summary>
internal interface ISecretsManagers
{
    /// <summary>For how long calls have been made through these: what others called before is at least this old.</summary>
    TimeSpan Age { get; }

    /// <summary>The region where a caller names none; null where nothing names one.</summary>
    string? DefaultRegion { get; }

    /// <summary>The client for a region and a role. Nothing is called yet, and no credentials are looked for.</summary>
    /// <param name="region">Null or empty for the options' own, then the environment's, then the profile's.</param>
    /// <param name="roleArn">A role to assume with the program's own credentials; null or empty for those themselves.</param>
    /// <param name="externalId">The external id that the role's trust policy asks for, if it does.</param>
    /// <param name="namespace">
    /// For whom calls are made, where there are walls between namespaces: a role's session bears its name and is tagged with it. Null for nobody in particular.
    /// </param>
    /// <exception cref="MissingRegionException">No region is named anywhere, or what is named is no region's name.</exception>
    /// <exception cref="InvalidEndpointException">The environment or the profile names an endpoint that is no address.</exception>
    ISecretsManager For(string? region, string? roleArn, string? externalId, string? @namespace = null);
}
