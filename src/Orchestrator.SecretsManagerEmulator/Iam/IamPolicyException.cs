namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>A policy is invalid, or cannot be evaluated here.</summary>
internal sealed class IamPolicyException : Exception
{
    internal IamPolicyException(IReadOnlyList<string> problems)
        : base(string.Join('\n', problems)) => Problems = problems;

    /// <summary>All problems, each as <c>path: message</c>.</summary>
    public IReadOnlyList<string> Problems { get; }
}
