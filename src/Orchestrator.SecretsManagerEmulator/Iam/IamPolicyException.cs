namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>A policy that is none, or that says what cannot be evaluated here.</summary>
internal sealed class IamPolicyException : Exception
{
    internal IamPolicyException(IReadOnlyList<string> problems)
        : base(string.Join('\n', problems)) => Problems = problems;

    /// <summary>Everything that is wrong with it, each as <c>path: message</c>.</summary>
    public IReadOnlyList<string> Problems { get; }
}
