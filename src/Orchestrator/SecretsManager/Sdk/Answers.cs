using System.Text.Json;
using System.Text.Json.Serialization;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

internal delegate T ReadAnswer<T>(ReadOnlySpan<byte> body, DateTimeOffset? date);

/// <summary>Reads the bodies of answers. Timestamps are seconds since 1970 with milliseconds as a fraction; an absent value may also be null.</summary>
internal static class Answers
{
    public static SecretDescription Description(ReadOnlySpan<byte> body, DateTimeOffset? date)
    {
        var answer = JsonSerializer.Deserialize(body, AnswersJson.Default.DescribeBody) ?? throw new JsonException();
        return new SecretDescription(
            answer.Arn,
            answer.Name,
            answer.Description,
            answer.KmsKeyId,
            Time(answer.DeletedDate),
            answer.RotationEnabled ?? false,
            (answer.Tags ?? []).ToDictionary(tag => tag.Key, tag => tag.Value),
            (answer.VersionIdsToStages ?? []).ToDictionary(version => version.Key, IReadOnlyList<string> (version) => version.Value),
            Time(answer.LastChangedDate),
            Time(answer.CreatedDate),
            date)
        {
            ReplicaRegions = [.. (answer.ReplicationStatus ?? []).Select(replica => replica.Region).OfType<string>()],
        };
    }

    public static WrittenSecret Written(ReadOnlySpan<byte> body, DateTimeOffset? date)
    {
        var answer = Short(body);
        return new WrittenSecret(answer.Arn, answer.Name, answer.VersionId, date);
    }

    public static DeletedSecret Deleted(ReadOnlySpan<byte> body, DateTimeOffset? date)
    {
        var answer = Short(body);
        return new DeletedSecret(answer.Arn, answer.Name, Time(answer.DeletionDate), date);
    }

    public static RestoredSecret Restored(ReadOnlySpan<byte> body, DateTimeOffset? date)
    {
        var answer = Short(body);
        return new RestoredSecret(answer.Arn, answer.Name, date);
    }

    public static DateTimeOffset? Nothing(ReadOnlySpan<byte> body, DateTimeOffset? date) => date;

    /// <summary>Copies the password from the body into pinned memory, unescaped in place; no string and no pooled array sees it.</summary>
    public static SecretText Password(ReadOnlySpan<byte> body, DateTimeOffset? date)
    {
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !reader.ValueTextEquals("RandomPassword"u8))
                continue;
            if (!reader.Read() || reader.TokenType != JsonTokenType.String || reader.ValueSpan.IsEmpty)
                break;
            using var password = new SecretBuffer(reader.ValueSpan.Length);
            password.Advance(reader.CopyString(password.Reserve(reader.ValueSpan.Length)));
            return password.ToSecretText();
        }
        throw new JsonException();
    }

    private static ShortBody Short(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, AnswersJson.Default.ShortBody) ?? throw new JsonException();

    private static DateTimeOffset? Time(double? seconds) =>
        seconds is { } s ? DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(s * 1000)) : null;
}

internal sealed record DescribeBody(
    [property: JsonPropertyName("ARN")] string Arn,
    string Name,
    string? Description,
    string? KmsKeyId,
    double? DeletedDate,
    bool? RotationEnabled,
    List<TagBody>? Tags,
    Dictionary<string, List<string>>? VersionIdsToStages,
    double? LastChangedDate,
    double? CreatedDate,
    List<ReplicaBody>? ReplicationStatus);

internal sealed record ReplicaBody(string? Region);

internal sealed record TagBody(string Key, string Value);

internal sealed record ShortBody([property: JsonPropertyName("ARN")] string Arn, string Name, string? VersionId, double? DeletionDate);

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(DescribeBody))]
[JsonSerializable(typeof(ShortBody))]
internal sealed partial class AnswersJson : JsonSerializerContext;
