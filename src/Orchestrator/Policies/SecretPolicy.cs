using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Policies;

/// <summary>What administrators allow the secret-push Components of some namespaces, as the kind <c>SecretPolicy</c> says it.</summary>
internal sealed record SecretPolicy
{
    /// <summary>The handler whose Components policies are for.</summary>
    public const string Handler = "secret-push";

    /// <summary>The object's name.</summary>
    public required string Name { get; init; }

    /// <summary>The namespaces that it is for.</summary>
    public NamespaceSelector Namespaces { get; init; } = new();

    /// <summary>What it allows.</summary>
    public PolicyAllowance Allow { get; init; } = new();

    /// <summary>What it demands: filled in where a config says nothing, and denied where it says something else.</summary>
    public PolicyValues Mandatory { get; init; } = new();

    /// <summary>What it fills in where a config says nothing.</summary>
    public PolicyValues Defaults { get; init; } = new();

    /// <summary>The most generated fields of one secret; null where it does not say.</summary>
    public int? GeneratedFields { get; init; }

    /// <summary>What is wrong with it; null where nothing is. Then it allows nothing.</summary>
    public Problem? Unreadable { get; init; }

    /// <summary>Whether, besides, nobody can tell what it demands, or of whom: then nothing is allowed in the namespaces that it may be for.</summary>
    public bool IsDemandUnknown { get; init; }
}

/// <summary>What a policy allows. Where a list is empty, that is what the program would use by itself: its region, no role, no key.</summary>
internal sealed record PolicyAllowance
{
    /// <summary>Names of secrets.</summary>
    public IReadOnlyList<NamePattern> SecretNames { get; init; } = [];

    /// <summary>Regions.</summary>
    public IReadOnlyList<NamePattern> Regions { get; init; } = [];

    /// <summary>Roles that may be assumed.</summary>
    public IReadOnlyList<NamePattern> RoleArns { get; init; } = [];

    /// <summary>KMS keys, as configs write them.</summary>
    public IReadOnlyList<NamePattern> KmsKeyIds { get; init; } = [];

    /// <summary>Whether secrets that somebody else made may be taken over.</summary>
    public bool Adopt { get; init; }

    /// <summary>Other namespaces whose abandoned secrets may be inherited.</summary>
    public IReadOnlyList<string> TakeOverFrom { get; init; } = [];
}

/// <summary>Values that a policy demands or fills in.</summary>
internal sealed record PolicyValues
{
    /// <summary>The region.</summary>
    public PolicyText? Region { get; init; }

    /// <summary>The role.</summary>
    public PolicyText? RoleArn { get; init; }

    /// <summary>The external id, for calls by a role.</summary>
    public PolicyText? ExternalId { get; init; }

    /// <summary>The KMS key.</summary>
    public PolicyText? KmsKeyId { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, PolicyText> Tags { get; init; } = new Dictionary<string, PolicyText>(StringComparer.Ordinal);

    /// <summary><c>Delete</c> or <c>Retain</c>.</summary>
    public string? DeletionPolicy { get; init; }

    /// <summary>The fewest characters of a generated field.</summary>
    public int? PasswordLength { get; init; }
}
