using System.Collections.Concurrent;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>What a Secrets Manager would hold after what was planned so far.</summary>
internal sealed class RehearsedSecrets
{
    private readonly ConcurrentDictionary<(string Region, string? Role, string Name), SecretDescription?> changed = new();

    /// <summary>The secret as planned, by name or ARN; not planned at all where it is false.</summary>
    public bool TryFind(string region, string? role, string id, out SecretDescription? secret)
    {
        secret = changed.Values.FirstOrDefault(s => s?.Arn == id);
        return secret is not null || changed.TryGetValue((region, role, id), out secret);
    }

    /// <summary>Notes what becomes of a secret; null where it is gone.</summary>
    public void Set(string region, string? role, string name, SecretDescription? secret) => changed[(region, role, name)] = secret;
}

/// <summary>A write that would be made.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Name">The secret's name.</param>
/// <param name="Region">Its region.</param>
/// <param name="Before">What was there.</param>
/// <param name="Token">The version id of a value that would be written.</param>
/// <param name="Changes">What of its metadata would change.</param>
internal sealed record SecretDeed(
    SecretDeedKind Kind, string Name, string Region, SecretDescription? Before, string? Token = null, IReadOnlyList<string>? Changes = null);

/// <summary>The kinds of writes.</summary>
internal enum SecretDeedKind
{
    /// <summary>A secret with a first value.</summary>
    Create,

    /// <summary>A new value.</summary>
    Value,

    /// <summary>Key, description or tags.</summary>
    Metadata,

    /// <summary>Back from deletion.</summary>
    Restore,

    /// <summary>Scheduled for deletion, or deleted at once.</summary>
    Delete,
}

/// <summary>
/// A Secrets Manager for one call of secret-push that looks and never touches: DescribeSecret and the account come from AWS (or, where it is not
/// to be asked, from what is remembered), and each write is noted and seen by the looks after it.
/// </summary>
/// <param name="aws">AWS; null where it is not to be asked.</param>
/// <param name="region">The region where a config names none.</param>
/// <param name="secrets">What the plan as a whole makes of the secrets.</param>
/// <param name="remembered">What is known of a secret without asking, by region and name or ARN; null where nothing is.</param>
/// <param name="time">The clock.</param>
internal sealed class SecretsRehearsal(
    ISecretsManagers? aws, string? region, RehearsedSecrets secrets, Func<string, string, SecretDescription?> remembered, TimeProvider time) : ISecretsManagers
{
    private readonly List<SecretDeed> deeds = [];

    /// <summary>The writes that would be made, in their order.</summary>
    public IReadOnlyList<SecretDeed> Deeds => deeds;

    /// <inheritdoc/>
    public TimeSpan Age => aws?.Age ?? TimeSpan.MaxValue;

    /// <inheritdoc/>
    public string? DefaultRegion => region;

    /// <inheritdoc/>
    public ISecretsManager For(string? region, string? roleArn, string? externalId) =>
        new Client(this, aws?.For(region ?? DefaultRegion, roleArn, externalId), region ?? DefaultRegion ?? "", string.IsNullOrEmpty(roleArn) ? null : roleArn, new(time));

    private Task<SecretDescription?> Look(ISecretsManager? real, string region, string? role, string id, CancellationToken cancellation) =>
        secrets.TryFind(region, role, id, out var planned) ? Task.FromResult(planned)
        : real is null ? Task.FromResult(remembered(region, id))
        : real.DescribeSecret(id, cancellation);

    private void Note(SecretDeed deed, string? role, SecretDescription? after)
    {
        deeds.Add(deed);
        secrets.Set(deed.Region, role, deed.Name, after);
    }

    private sealed class Client(SecretsRehearsal own, ISecretsManager? real, string region, string? role, AwsClock clock) : ISecretsManager
    {
        public string Region => real?.Region ?? region;

        public AwsClock Clock => real?.Clock ?? clock;

        public Task<SecretDescription?> DescribeSecret(string secretId, CancellationToken cancellation) => own.Look(real, Region, role, secretId, cancellation);

        // Nothing is generated: what stands for a value here is never sent.
        public Task<SecretText> GetRandomPassword(PasswordOptions password, CancellationToken cancellation) => Task.FromResult(new SecretText("?"u8));

        public Task<WrittenSecret> CreateSecret(CreateSecretInput input, CancellationToken cancellation)
        {
            var arn = $"arn:aws:secretsmanager:{Region}:{Account()}:secret:{input.Name}-??????";
            Note(SecretDeedKind.Create, null, input.ClientRequestToken, new(
                arn, input.Name, input.Description, input.KmsKeyId, null, false, input.Tags ?? NoTags, Current(NoVersions, input.ClientRequestToken), Clock.Now, Clock.Now, null));
            return Task.FromResult(new WrittenSecret(arn, input.Name, input.ClientRequestToken, null));
        }

        public async Task<WrittenSecret> UpdateSecret(UpdateSecretInput input, CancellationToken cancellation)
        {
            var before = await Existing(input.SecretId, cancellation);
            var after = before with { KmsKeyId = input.KmsKeyId ?? before.KmsKeyId, Description = input.Description ?? before.Description };
            var changes = new List<string>();
            if (input.KmsKeyId is { } key)
                changes.Add($"~ kmsKeyId: {before.KmsKeyId ?? "AWS's own"} -> {key}");
            if (input.Description is { } text)
                changes.Add($"~ description: \"{before.Description}\" -> \"{text}\"");
            if (input.Value is not null)
                Note(SecretDeedKind.Value, before, input.ClientRequestToken, after with { VersionIdsToStages = Current(before.VersionIdsToStages, input.ClientRequestToken) }, changes);
            else
                Note(SecretDeedKind.Metadata, before, null, after, changes);
            return new(before.Arn, before.Name, input.Value is null ? null : input.ClientRequestToken, null);
        }

        public async Task<DeletedSecret> DeleteSecret(string secretId, int recoveryWindowInDays, CancellationToken cancellation)
        {
            var before = await Existing(secretId, cancellation);
            Note(SecretDeedKind.Delete, before, null, recoveryWindowInDays == 0 ? null : before with { DeletedDate = Clock.Now });
            return new(before.Arn, before.Name, Clock.Now + TimeSpan.FromDays(recoveryWindowInDays), null);
        }

        public async Task<RestoredSecret> RestoreSecret(string secretId, CancellationToken cancellation)
        {
            var before = await Existing(secretId, cancellation);
            Note(SecretDeedKind.Restore, before, null, before with { DeletedDate = null });
            return new(before.Arn, before.Name, null);
        }

        public async Task<DateTimeOffset?> TagResource(string secretId, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation)
        {
            var before = await Existing(secretId, cancellation);
            var after = new Dictionary<string, string>(before.Tags, StringComparer.Ordinal);
            foreach (var (key, value) in tags)
                after[key] = value;
            Note(SecretDeedKind.Metadata, before, null, before with { Tags = after }, [.. tags.Select(t => before.Tags.TryGetValue(t.Key, out var old)
                ? $"~ tag {t.Key}: \"{old}\" -> \"{t.Value}\""
                : $"+ tag {t.Key}: \"{t.Value}\"")]);
            return null;
        }

        public async Task<DateTimeOffset?> UntagResource(string secretId, IReadOnlyList<string> tagKeys, CancellationToken cancellation)
        {
            var before = await Existing(secretId, cancellation);
            var after = before.Tags.Where(t => !tagKeys.Contains(t.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal);
            Note(SecretDeedKind.Metadata, before, null, before with { Tags = after }, [.. tagKeys.Select(key => $"- tag {key}")]);
            return null;
        }

        public Task<string> GetCallerAccount(CancellationToken cancellation) => real?.GetCallerAccount(cancellation) ?? Task.FromResult(Account());

        private static readonly Dictionary<string, string> NoTags = [];
        private static readonly Dictionary<string, IReadOnlyList<string>> NoVersions = [];

        // Not asked of AWS for a name's sake; it is unknown before the secret is there.
        private static string Account() => "????????????";

        private void Note(SecretDeedKind kind, SecretDescription? before, string? token, SecretDescription? after, IReadOnlyList<string>? changes = null) =>
            own.Note(new(kind, (after ?? before)!.Name, Region, before, token, changes), role, after);

        // Whatever is written to was described before.
        private async Task<SecretDescription> Existing(string secretId, CancellationToken cancellation) =>
            await DescribeSecret(secretId, cancellation) ?? throw new InvalidOperationException($"{secretId} is written to and was never seen");

        private static Dictionary<string, IReadOnlyList<string>> Current(IReadOnlyDictionary<string, IReadOnlyList<string>> before, string token)
        {
            var versions = before.ToDictionary(v => v.Key, v => (IReadOnlyList<string>)[.. v.Value.Where(s => s != "AWSCURRENT")], StringComparer.Ordinal);
            versions[token] = ["AWSCURRENT"];
            return versions;
        }
    }
}
