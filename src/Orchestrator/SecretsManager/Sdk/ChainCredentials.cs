using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>The SDK's default chain as one source, so that the credential lookup is a separate step. The SDK caches the credentials.</summary>
internal sealed class ChainCredentials : AWSCredentials
{
    private volatile bool haveWorked;

    /// <summary>Whether it ever had credentials: then their source exists, and missing ones mean an outage.</summary>
    public bool HaveWorked => haveWorked;

    public override ImmutableCredentials GetCredentials() =>
        Usable(DefaultAWSCredentialsIdentityResolver.GetCredentials().GetCredentials());

    public override async Task<ImmutableCredentials> GetCredentialsAsync() =>
        Usable(await (await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync()).GetCredentialsAsync());

    /// <summary>The credentials, if they can be sent as a header. A file that ends with a line break often adds it to the key.</summary>
    /// <exception cref="UnusableCredentialsException">They contain a character that cannot be sent.</exception>
    private ImmutableCredentials Usable(ImmutableCredentials found)
    {
        Check("access key id", found.AccessKey);
        Check("secret access key", found.SecretKey);
        Check("session token", found.Token);
        haveWorked = true;
        return found;
    }

    // The SDK puts them into a header unchanged. Their values are never shown.
    private static void Check(string name, string? value)
    {
        if (value is null || value.All(c => c is > ' ' and < '\u007F'))
            return;
        var what = value.Any(c => c is '\r' or '\n') ? "a line break" : value.Any(char.IsWhiteSpace) ? "a space" : "a character that no AWS credential has";
        throw new UnusableCredentialsException($"the AWS {name} contains {what}: remove it");
    }
}

/// <summary>Credentials were found but cannot be sent.</summary>
internal sealed class UnusableCredentialsException(string message) : AmazonClientException(message);
