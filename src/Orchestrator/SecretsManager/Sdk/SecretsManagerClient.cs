using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>
/// AWS Secrets Manager in one region, with one role's rights. GetSecretValue is left out on purpose: this program cannot read a
/// secret back, so no bug of it can leak one that it did not just generate. Safe for concurrent use.
/// <para>
/// It uses the SDK's pipeline (credentials, signing, endpoints) but not the SDK's generated client, which keeps secrets in strings that cannot be cleared.
/// Bodies live in pinned memory that is cleared when the call ends, and the runtime's HTTP connections keep none: <see cref="ClearingStream"/>. A
/// connection's last answer in the memory of OpenSSL cannot be cleared from here.
/// </para>
/// <para>
/// Every call throws <see cref="SecretsManagerException"/> if AWS refuses or cannot be reached, and <see cref="OperationCanceledException"/> if the caller
/// cancels. Throttles, 5xx and lost connections are retried (<see cref="SecretsManagerOptions.MaxAttempts"/>) with the same body, so a repeated write with
/// one token makes one version.
/// </para>
/// </summary>
internal sealed class SecretsManagerClient : ISecretsManager, IDisposable
{
    private readonly SecretsManagerService service;
    private readonly AmazonSecurityTokenServiceClient sts;
    private readonly AWSCredentials credentials;
    private readonly SecretsManagerOptions options;
    private readonly string? roleAccount;
    private readonly CallRates? rates;
    private Action<bool>? check;

    internal SecretsManagerClient(string region, AWSCredentials credentials, string? roleAccount, SecretsManagerOptions options, CallRates? rates)
    {
        Region = region;
        this.credentials = credentials;
        this.roleAccount = roleAccount;
        this.options = options;
        this.rates = rates;
        var config = SecretsManagerConfig.For(region, options);
        Clock = config.Clock;
        service = new SecretsManagerService(credentials, config);
        sts = new AmazonSecurityTokenServiceClient(credentials, StsConfig.For(region, options));
    }

    /// <inheritdoc/>
    public string Region { get; }

    /// <inheritdoc/>
    public AwsClock Clock { get; }

    /// <inheritdoc/>
    public ISecretsManager Checked(Action<bool> check)
    {
        var client = (SecretsManagerClient)MemberwiseClone();
        client.check = check;
        return client;
    }

    /// <inheritdoc/>
    public async Task<SecretDescription?> DescribeSecret(string secretId, CancellationToken cancellation)
    {
        using var body = new RequestBody().Text("SecretId"u8, secretId);
        try
        {
            return await Call("DescribeSecret", body, Answers.Description, cancellation);
        }
        catch (SecretsManagerException e) when (e.Kind == AwsErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<SecretText> GetRandomPassword(PasswordOptions password, CancellationToken cancellation)
    {
        using var body = new RequestBody()
            .Number("PasswordLength"u8, password.PasswordLength)
            .Text("ExcludeCharacters"u8, password.ExcludeCharacters)
            .Flag("ExcludeNumbers"u8, password.ExcludeNumbers)
            .Flag("ExcludePunctuation"u8, password.ExcludePunctuation)
            .Flag("ExcludeUppercase"u8, password.ExcludeUppercase)
            .Flag("ExcludeLowercase"u8, password.ExcludeLowercase)
            .Flag("IncludeSpace"u8, password.IncludeSpace)
            .Flag("RequireEachIncludedType"u8, password.RequireEachIncludedType);
        return await Call("GetRandomPassword", body, Answers.Password, cancellation);
    }

    /// <inheritdoc/>
    public async Task<WrittenSecret> CreateSecret(CreateSecretInput input, CancellationToken cancellation)
    {
        using var body = new RequestBody()
            .Text("Name"u8, input.Name)
            .Text("ClientRequestToken"u8, input.ClientRequestToken)
            .Text("Description"u8, input.Description)
            .Text("KmsKeyId"u8, input.KmsKeyId)
            .Tags("Tags"u8, input.Tags)
            .Secret("SecretString"u8, input.Value);
        return await Call("CreateSecret", body, Answers.Written, cancellation);
    }

    /// <inheritdoc/>
    public async Task<WrittenSecret> UpdateSecret(UpdateSecretInput input, CancellationToken cancellation)
    {
        using var body = new RequestBody()
            .Text("SecretId"u8, input.SecretId)
            .Text("ClientRequestToken"u8, input.ClientRequestToken)
            .Text("Description"u8, input.Description)
            .Text("KmsKeyId"u8, input.KmsKeyId)
            .Secret("SecretString"u8, input.Value);
        return await Call("UpdateSecret", body, Answers.Written, cancellation);
    }

    /// <inheritdoc/>
    public async Task<DeletedSecret> DeleteSecret(string secretId, int recoveryWindowInDays, CancellationToken cancellation)
    {
        using var body = new RequestBody().Text("SecretId"u8, secretId);
        if (recoveryWindowInDays == 0)
            body.Flag("ForceDeleteWithoutRecovery"u8, true);
        else
            body.Number("RecoveryWindowInDays"u8, recoveryWindowInDays);
        return await Call("DeleteSecret", body, Answers.Deleted, cancellation);
    }

    /// <inheritdoc/>
    public async Task<RestoredSecret> RestoreSecret(string secretId, CancellationToken cancellation)
    {
        using var body = new RequestBody().Text("SecretId"u8, secretId);
        return await Call("RestoreSecret", body, Answers.Restored, cancellation);
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> TagResource(
        string secretId, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation)
    {
        using var body = new RequestBody().Text("SecretId"u8, secretId).Tags("Tags"u8, tags);
        return await Call("TagResource", body, Answers.Nothing, cancellation);
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> UntagResource(string secretId, IReadOnlyList<string> tagKeys, CancellationToken cancellation)
    {
        using var body = new RequestBody().Text("SecretId"u8, secretId).Texts("TagKeys"u8, tagKeys);
        return await Call("UntagResource", body, Answers.Nothing, cancellation);
    }

    /// <inheritdoc/>
    public async Task<string> GetCallerAccount(CancellationToken cancellation)
    {
        const string Operation = "GetCallerIdentity";
        await ObtainCredentials(Operation, cancellation);
        try
        {
            return (await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellation)).Account;
        }
        catch (Exception e) when (SdkErrors.IsFromCall(e))
        {
            cancellation.ThrowIfCancellationRequested();
            throw SdkErrors.Translate(Operation, e, StsConfig.Host(sts.Config), options.AttemptTimeout);
        }
    }

    // The trust policy of an older role may lack this statement.
    private const string NeedsTagSession = "needs sts:AssumeRole and sts:TagSession, in the caller's policy and in the role's trust policy";

    /// <summary>Closes the client's connections.</summary>
    public void Dispose()
    {
        service.Dispose();
        sts.Dispose();
        if (credentials is RoleCredentials role)
            role.Dispose();
    }

    private async Task<T> Call<T>(string operation, RequestBody body, ReadAnswer<T> read, CancellationToken cancellation)
    {
        var obtained = await ObtainCredentials(operation, cancellation);
        // Quotas count for the caller's account, even if the secret is in another one.
        var rate = rates?.For(obtained.AccountId ?? roleAccount ?? "", Region, operation);
        using var content = body.Finish();
        using var call = new ServiceCall(operation, content.Array, body.HoldsSecret, rate, check);
        try
        {
            var answer = await service.Send(call, cancellation);
            return read(call.Answer.Utf8(), answer.Date);
        }
        catch (Exception e) when (SdkErrors.IsFromCall(e))
        {
            cancellation.ThrowIfCancellationRequested();
            throw SdkErrors.Translate(operation, e, service.Host, options.AttemptTimeout);
        }
    }

    /// <summary>
    /// Finds credentials first, so that their absence is distinct from AWS's refusals, and waits at most as long as for one attempt: outside EC2 the SDK
    /// may hang waiting for instance metadata. They stay cached for the signer.
    /// </summary>
    private async Task<ImmutableCredentials> ObtainCredentials(string operation, CancellationToken cancellation)
    {
        try
        {
            // The SDK walks its chain synchronously, with real connections; the caller's thread does not wait for that.
            return await Task.Run(credentials.GetCredentialsAsync, cancellation)
                .WaitAsync(options.AttemptTimeout, options.TimeProvider, cancellation);
        }
        catch (Exception e)
        {
            cancellation.ThrowIfCancellationRequested();
            var refusal = SdkErrors.TranslateCredentials(operation, e, options.AttemptTimeout, options.Credentials.AreSetUp);
            if (credentials is not RoleCredentials { IsTagged: true } || refusal is not { Kind: AwsErrorKind.Denied, Operation: "AssumeRole" })
                throw refusal;
            var said = refusal.Message[(refusal.Operation.Length + 2)..];
            throw new SecretsManagerException(refusal.Operation, refusal.Kind, refusal.Code, $"{NeedsTagSession}: {said}");
        }
    }
}
