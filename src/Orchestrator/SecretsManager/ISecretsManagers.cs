namespace DeploymentOrchestrator.SecretsManager;

/// <summary>Clients of AWS Secrets Manager: one for each region, role, external id and namespace.</summary>
internal interface ISecretsManagers
{
    /// <summary>How long this process has been calling: calls of an earlier process are at least this old.</summary>
    TimeSpan Age { get; }

    /// <summary>The region if a caller sets none; null if there is no default.</summary>
    string? DefaultRegion { get; }

    /// <summary>The client for a region and a role. Nothing is called and no credentials are searched yet.</summary>
    /// <param name="region">Null or empty for the options' own, then the environment's, then the profile's.</param>
    /// <param name="roleArn">A role to assume with the program's own credentials; null or empty for those themselves.</param>
    /// <param name="externalId">The external id that the role's trust policy requires, if any.</param>
    /// <param name="namespace">
    /// The namespace of the calls, if namespaces are isolated: a role's session has its name and is tagged with it. Null for none.
    /// </param>
    /// <exception cref="MissingRegionException">No region is set, or it is not a region's name.</exception>
    /// <exception cref="InvalidEndpointException">The environment or the profile has an invalid endpoint.</exception>
    ISecretsManager For(string? region, string? roleArn, string? externalId, string? @namespace = null);
}
