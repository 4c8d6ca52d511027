using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>One call in progress: its caller, vault and time, and the behaviour that all operations share.</summary>
internal sealed record Call(string Operation, SecretStore Store, Caller Caller, Vault Vault, DateTimeOffset Now)
{
    private const string MarkedForDeletion = "You can't perform this operation on the secret because it was marked for deletion.";

    /// <summary>The SecretId of the request: a name, an ARN or an ARN without its suffix.</summary>
    public static string SecretId(Input input)
    {
        var id = input.RequiredString("SecretId", 1, 2048);
        if (SecretArn.Parse(id) is null)
            SecretName.RequireForLookup(id);
        return id;
    }

    /// <summary>
    /// The ClientRequestToken of the request. The service has no default for it (the SDKs have), and refuses a missing one before it looks for the secret.
    /// </summary>
    public static string Token(Input input, Func<string, ApiException> whenAbsent) =>
        input.String("ClientRequestToken", 32, 64)
        ?? throw whenAbsent("You must provide a ClientRequestToken value. We recommend a UUID-type value.");

    public string ArnOf(Secret secret) => Vault.ArnOf(secret);

    /// <summary>The secret of this id, scheduled for deletion or not; null if there is none.</summary>
    public Secret? Find(string secretId)
    {
        if (SecretArn.Parse(secretId) is not { } arn)
            return Vault.ByName(secretId, Now);
        if (arn.Account != Caller.Account)
            throw ApiException.Denied(
                Caller.PrincipalArn, $"secretsmanager:{Operation}", secretId, $"because no resource-based policy allows the secretsmanager:{Operation} action");
        return Vault.ByArn(arn, Now);
    }

    /// <summary>The secret as a reading operation sees it: not yet visible shortly after its creation.</summary>
    public Secret Read(string secretId) =>
        Find(secretId) is { } secret && IsVisible(secret) ? secret : throw ApiException.NotFound();

    public bool IsVisible(Secret secret) => Now - secret.CreatedDate >= Store.Delays.ReadAfterCreate;

    public Secret ReadActive(string secretId) => Active(Read(secretId));

    /// <summary>The secret to change: existing, not scheduled for deletion, and in its primary Region.</summary>
    public Secret Change(string secretId)
    {
        var secret = Active(Find(secretId) ?? throw ApiException.NotFound());
        RequirePrimary(secret);
        return secret;
    }

    public void RequirePrimary(Secret secret)
    {
        if (secret.PrimaryRegion != Vault.Region)
            throw ApiException.InvalidParameter(
                "Operation not permitted on a replica secret. Call must be made in primary secret's region.");
    }

    /// <summary>Adds a version under the caller's token, encrypted with the secret's key.</summary>
    /// <exception cref="ApiException">The secret has too many versions or labels; nothing was changed.</exception>
    public void AddVersion(Secret secret, string token, SecretValue value, IReadOnlyCollection<string> stages)
    {
        secret.Versions.Add(new SecretVersion(token, value, Now, Store.NextSerial()) { KmsKeyId = secret.KmsKeyId }, stages);
        secret.LastChangedDate = Now;
    }

    /// <summary>Whether this token already made a version with this value, so that the call is a repetition and does nothing.</summary>
    public bool Repeats(Secret secret, string token, SecretValue value)
    {
        if (secret.Versions.Find(token) is not { } version)
            return false;
        return version.Value.Same(value)
            ? true
            : throw ApiException.Exists(
                $"You can't use ClientRequestToken {token} because that value is already in use for a version of secret {ArnOf(secret)}.");
    }

    public Output ArnAndName(Secret secret) => new Output().With("ARN", ArnOf(secret)).With("Name", secret.Name);

    /// <exception cref="ApiException">The caller may not encrypt under this key.</exception>
    public void RequireEncrypt(string? kmsKeyId) => Store.Authorization.RequireEncrypt(Caller, kmsKeyId);

    private static Secret Active(Secret secret) =>
        secret.Deletion is null ? secret : throw ApiException.InvalidRequest(MarkedForDeletion);
}
