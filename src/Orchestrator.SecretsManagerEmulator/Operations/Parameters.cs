using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>Parameters that several operations share, with the limits of AWS's API model.</summary>
internal static class Parameters
{
    public const int MaxPageSize = 100;

    /// <summary>SecretString or SecretBinary; null if the call has neither.</summary>
    public static SecretValue? Value(Input input)
    {
        var text = input.SecretText("SecretString", SecretValue.MaxBytes);
        var binary = input.SecretBlob("SecretBinary", SecretValue.MaxBytes);
        return (text, binary) switch
        {
            (null, null) => null,
            (not null, null) => new SecretValue(text, isText: true),
            (null, not null) => new SecretValue(binary, isText: false),
            _ => throw ApiException.InvalidParameter("You can't specify both SecretString and SecretBinary."),
        };
    }

    public static string? Description(Input input) => input.String("Description", 0, 2048);

    public static string? KmsKeyId(Input input) => input.String("KmsKeyId", 0, 2048);

    public static string? Type(Input input) => input.String("Type", 0, 256);

    public static IReadOnlyList<Tag>? Tags(Input input) =>
        input.Structures("Tags", 0, int.MaxValue) is { } tags
            ? [.. tags.Select(tag => new Tag(tag.RequiredString("Key", 1, 128), tag.String("Value", 0, 256) ?? ""))]
            : null;

    public static IReadOnlyList<Replica>? ReplicaRegions(Input input) =>
        input.Structures("AddReplicaRegions", 1, int.MaxValue) is { } regions
            ? [.. regions.Select(region => new Replica(region.RequiredString("Region", 1, 128), KmsKeyId(region), Failure: null))]
            : null;

    public static string? NextToken(Input input) => input.String("NextToken", 1, 4096);

    public static int PageSize(Input input, int max = MaxPageSize) => (int)(input.Long("MaxResults", 1, max) ?? max);

    /// <summary>To AWS an empty string resets the value, and is not shown.</summary>
    public static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
