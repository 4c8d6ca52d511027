using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Planning;

/// <summary>
/// A dry-run Secrets Manager for one call of secret-push: DescribeSecret and the account come from AWS or, if that is null, from the known secrets by
/// region and name or ARN. Each write is recorded and visible to later reads.
/// </summary>
internal sealed class DryRunSecretsManager(
    ISecretsManagers? aws, string? defaultRegion, PlannedSecrets secrets, Func<string, string, SecretDescription?> known, TimeProvider time) : ISecretsManagers
{
    /// <summary>The changes of key, description and tags, one line each.</summary>
    public List<string> Changes { get; } = [];

    public TimeSpan Age => aws?.Age ?? TimeSpan.MaxValue;

    public string? DefaultRegion => defaultRegion;

    public ISecretsManager For(string? region, string? roleArn, string? externalId, string? @namespace = null) => new Client(
        // With the rights of the user who runs the plan, who may lack the right to tag a session.
        aws?.For(region ?? defaultRegion, roleArn, externalId), region ?? defaultRegion ?? "", string.IsNullOrEmpty(roleArn) ? null : roleArn, new(time),
        secrets, known, Changes);

    private sealed class Client(
        ISecretsManager? real, string region, string? role, AwsClock clock, PlannedSecrets secrets, Func<string, string, SecretDescription?> known,
        List<string> changes) : ISecretsManager
    {
        // The ARN is unknown before the secret exists, and AWS is not called just for the account in it.
        private const string UnknownAccount = "????????????";

        public string Region => real?.Region ?? region;

        public AwsClock Clock => real?.Clock ?? clock;

        // A plan is made under the current policies.
        public ISecretsManager Checked(Action<bool> check) => this;

        public async Task<SecretDescription?> DescribeSecret(string secretId, CancellationToken cancellation) =>
            secrets.TryFind(Region, role, secretId, out var planned) ? planned
            : real is null ? known(Region, secretId)
            : await real.DescribeSecret(secretId, cancellation);

        public Task<string> GetCallerAccount(CancellationToken cancellation) => real?.GetCallerAccount(cancellation) ?? Task.FromResult(UnknownAccount);

        // Nothing is generated: this placeholder is never sent.
        public Task<SecretText> GetRandomPassword(PasswordOptions password, CancellationToken cancellation) => Task.FromResult(new SecretText("?"u8));

        public Task<WrittenSecret> CreateSecret(CreateSecretInput input, CancellationToken cancellation)
        {
            var arn = $"arn:aws:secretsmanager:{Region}:{UnknownAccount}:secret:{input.Name}-??????";
            secrets.Set(Region, role, input.Name, new(
                arn, input.Name, input.Description, input.KmsKeyId, null, false, input.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal),
                Current(new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), input.ClientRequestToken), Clock.Now, Clock.Now, null));
            return Task.FromResult(new WrittenSecret(arn, input.Name, input.ClientRequestToken, null));
        }

        public async Task<WrittenSecret> UpdateSecret(UpdateSecretInput input, CancellationToken cancellation)
        {
            var before = await Change(input.SecretId, secret => secret with
            {
                KmsKeyId = input.KmsKeyId ?? secret.KmsKeyId,
                Description = input.Description ?? secret.Description,
                VersionIdsToStages = input.Value is null ? secret.VersionIdsToStages : Current(secret.VersionIdsToStages, input.ClientRequestToken),
            }, cancellation);
            if (input.KmsKeyId is { } key)
                changes.Add($"~ kmsKeyId: {before.KmsKeyId ?? "AWS's own"} -> {key}");
            if (input.Description is { } text)
                changes.Add($"~ description: \"{before.Description}\" -> \"{text}\"");
            return new(before.Arn, before.Name, input.Value is null ? null : input.ClientRequestToken, null);
        }

        public async Task<DeletedSecret> DeleteSecret(string secretId, int recoveryWindowInDays, CancellationToken cancellation)
        {
            var before = await Change(secretId, secret => recoveryWindowInDays == 0 ? null : secret with { DeletedDate = Clock.Now }, cancellation);
            return new(before.Arn, before.Name, Clock.Now + TimeSpan.FromDays(recoveryWindowInDays), null);
        }

        public async Task<RestoredSecret> RestoreSecret(string secretId, CancellationToken cancellation)
        {
            var before = await Change(secretId, secret => secret with { DeletedDate = null }, cancellation);
            return new(before.Arn, before.Name, null);
        }

        public async Task<DateTimeOffset?> TagResource(string secretId, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation)
        {
            var before = await Change(secretId, secret => secret with
            {
                Tags = tags.Concat(secret.Tags).DistinctBy(t => t.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal),
            }, cancellation);
            changes.AddRange(tags.Select(t => before.Tags.TryGetValue(t.Key, out var old)
                ? $"~ tag {t.Key}: \"{old}\" -> \"{t.Value}\"" : $"+ tag {t.Key}: \"{t.Value}\""));
            return null;
        }

        public async Task<DateTimeOffset?> UntagResource(string secretId, IReadOnlyList<string> tagKeys, CancellationToken cancellation)
        {
            await Change(secretId, secret => secret with
            {
                Tags = secret.Tags.Where(t => !tagKeys.Contains(t.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal),
            }, cancellation);
            changes.AddRange(tagKeys.Select(key => $"- tag {key}"));
            return null;
        }

        // Every secret was described before it is written. Returns that description.
        private async Task<SecretDescription> Change(
            string secretId, Func<SecretDescription, SecretDescription?> change, CancellationToken cancellation)
        {
            var before = await DescribeSecret(secretId, cancellation) ?? throw new InvalidOperationException($"{secretId} is written to and was never seen");
            secrets.Set(Region, role, before.Name, change(before));
            return before;
        }

        private static Dictionary<string, IReadOnlyList<string>> Current(IReadOnlyDictionary<string, IReadOnlyList<string>> before, string token)
        {
            var versions = before.ToDictionary(
                v => v.Key, v => (IReadOnlyList<string>)[.. v.Value.Where(s => s != SecretDescription.Current)], StringComparer.Ordinal);
            versions[token] = [SecretDescription.Current];
            return versions;
        }
    }
}
