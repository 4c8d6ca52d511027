using System.Collections.Concurrent;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>The secrets as they would be after what was planned so far, by region, role and name; null where one would be gone.</summary>
internal sealed class PlannedSecrets
{
    private readonly ConcurrentDictionary<(string Region, string? Role, string Name), SecretDescription?> changed = new();

    /// <summary>The secret by name or ARN; false where nothing is planned for it.</summary>
    public bool TryFind(string region, string? role, string id, out SecretDescription? secret)
    {
        secret = changed.Values.FirstOrDefault(s => s?.Arn == id);
        return secret is not null || changed.TryGetValue((region, role, id), out secret);
    }

    /// <summary>Notes what becomes of a secret.</summary>
    public void Set(string region, string? role, string name, SecretDescription? secret) => changed[(region, role, name)] = secret;
}

/// <summary>
/// A Secrets Manager for one call of secret-push that looks and never writes: DescribeSecret and the account come from AWS (or, where it is not
/// to be asked, from what is known), and each write is noted and seen by the looks after it.
/// </summary>
/// <param name="aws">AWS; null where it is not to be asked.</param>
/// <param name="region">The region where a config names none.</param>
/// <param name="secrets">What the plan as a whole makes of the secrets.</param>
/// <param name="known">What is known of a secret without asking, by region and name or ARN; null where nothing is.</param>
/// <param name="time">The clock.</param>
internal sealed class DryRunSecretsManager(
    ISecretsManagers? aws, string? region, PlannedSecrets secrets, Func<string, string, SecretDescription?> known, TimeProvider time) : ISecretsManagers
{
    private readonly PlannedSecrets secrets = secrets;
    private readonly Func<string, string, SecretDescription?> known = known;
    private readonly List<string> changes = [];

    /// <summary>What of key, description and tags would change, a line each.</summary>
    public IReadOnlyList<string> Changes => changes;

    public TimeSpan Age => aws?.Age ?? TimeSpan.MaxValue;

    public string? DefaultRegion => region;

    public ISecretsManager For(string? region, string? roleArn, string? externalId) =>
        new Client(this, aws?.For(region ?? DefaultRegion, roleArn, externalId), region ?? DefaultRegion ?? "", string.IsNullOrEmpty(roleArn)
            ? null : roleArn, new(time));

    private sealed class Client(DryRunSecretsManager dryRun, ISecretsManager? real, string region, string? role, AwsClock clock) : ISecretsManager
    {
        // Not asked of AWS for a name's sake; it is unknown before the secret exists.
        private const string UnknownAccount = "????????????";

        public string Region => real?.Region ?? region;

        public AwsClock Clock => real?.Clock ?? clock;

        public async Task<SecretDescription?> DescribeSecret(string secretId, CancellationToken cancellation) =>
            dryRun.secrets.TryFind(Region, role, secretId, out var planned) ? planned
            : real is null ? dryRun.known(Region, secretId)
            : await real.DescribeSecret(secretId, cancellation);

        public Task<string> GetCallerAccount(CancellationToken cancellation) => real?.GetCallerAccount(cancellation) ?? Task.FromResult(UnknownAccount);

        // Nothing is generated: what stands for a value here is never sent.
        public Task<SecretText> GetRandomPassword(PasswordOptions password, CancellationToken cancellation) => Task.FromResult(new SecretText("?"u8));

        public Task<WrittenSecret> CreateSecret(CreateSecretInput input, CancellationToken cancellation)
        {
            var arn = $"arn:aws:secretsmanager:{Region}:{UnknownAccount}:secret:{input.Name}-??????";
            Note(input.Name, new(
                arn, input.Name, input.Description, input.KmsKeyId, null, false, input.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal),
                Current(new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), input.ClientRequestToken), Clock.Now, Clock.Now, null));
            return Task.FromResult(new WrittenSecret(arn, input.Name, input.ClientRequestToken, null));
        }

        public async Task<WrittenSecret> UpdateSecret(UpdateSecretInput input, CancellationToken cancellation)
        {
            var before = await Existing(input.SecretId, cancellation);
            var after = before with { KmsKeyId = input.KmsKeyId ?? before.KmsKeyId, Description = input.Description ?? before.Description };
            if (input.Value is not null)
                after = after with { VersionIdsToStages = Current(before.VersionIdsToStages, input.ClientRequestToken) };
            Note(before.Name, after,
            [
                .. input.KmsKeyId is { } key ? [$"~ kmsKeyId: {before.KmsKeyId ?? "AWS's own"} -> {key}"] : (string[])[],
                .. input.Description is { } text ? [$"~ description: \"{before.Description}\" -> \"{text}\""] : (string[])[],
            ]);
            return new(before.Arn, before.Name, input.Value is null ? null : input.ClientRequestToken, null);
        }

        public async Task<DeletedSecret> DeleteSecret(string secretId, int recoveryWindowInDays, CancellationToken cancellation)
        {
            var before = await Existing(secretId, cancellation);
            Note(before.Name, recoveryWindowInDays == 0 ? null : before with { DeletedDate = Clock.Now });
            return new(before.Arn, before.Name, Clock.Now + TimeSpan.FromDays(recoveryWindowInDays), null);
        }

        public async Task<RestoredSecret> RestoreSecret(string secretId, CancellationToken cancellation)
        {
            var before = await Existing(secretId, cancellation);
            Note(before.Name, before with { DeletedDate = null });
            return new(before.Arn, before.Name, null);
        }

        public async Task<DateTimeOffset?> TagResource(string secretId, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation)
        {
            var before = await Existing(secretId, cancellation);
            var after = new Dictionary<string, string>(before.Tags, StringComparer.Ordinal);
            foreach (var (key, value) in tags)
                after[key] = value;
            Note(before.Name, before with { Tags = after }, tags.Select(t => before.Tags.TryGetValue(t.Key, out var old)
                ? $"~ tag {t.Key}: \"{old}\" -> \"{t.Value}\""
                : $"+ tag {t.Key}: \"{t.Value}\""));
            return null;
        }

        public async Task<DateTimeOffset?> UntagResource(string secretId, IReadOnlyList<string> tagKeys, CancellationToken cancellation)
        {
            var before = await Existing(secretId, cancellation);
            var after = before.Tags.Where(t => !tagKeys.Contains(t.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal);
            Note(before.Name, before with { Tags = after }, tagKeys.Select(key => $"- tag {key}"));
            return null;
        }

        private void Note(string name, SecretDescription? after, IEnumerable<string>? changes = null)
        {
            dryRun.changes.AddRange(changes ?? []);
            dryRun.secrets.Set(Region, role, name, after);
        }

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
