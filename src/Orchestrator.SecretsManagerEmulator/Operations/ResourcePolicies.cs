using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>Attaches a resource policy, replacing an existing one. The emulator does not evaluate it.</summary>
internal static class PutResourcePolicy
{
    public static Output Invoke(Call call, Input input)
    {
        var id = Call.SecretId(input);
        var policy = ResourcePolicy.From(input);
        var secret = call.Change(id);
        if (input.Bool("BlockPublicPolicy") && policy.IsPublic)
            throw new ApiException(
                "PublicPolicyException",
                "The BlockPublicPolicy parameter is set to true, and the resource policy did not prevent broad access to the secret.");
        secret.ResourcePolicy = policy.Text;
        secret.LastChangedDate = call.Now;
        return call.ArnAndName(secret);
    }
}

/// <summary>The resource policy as it was put; no ResourcePolicy where there is none.</summary>
internal static class GetResourcePolicy
{
    public static Output Invoke(Call call, Input input)
    {
        var secret = call.ReadActive(Call.SecretId(input));
        return call.ArnAndName(secret).With("ResourcePolicy", secret.ResourcePolicy);
    }
}

/// <summary>Detaches the resource policy; a missing one is not an error.</summary>
internal static class DeleteResourcePolicy
{
    public static Output Invoke(Call call, Input input)
    {
        var secret = call.Change(Call.SecretId(input));
        secret.ResourcePolicy = null;
        secret.LastChangedDate = call.Now;
        return call.ArnAndName(secret);
    }
}

/// <summary>Whether a policy could be put with BlockPublicPolicy.</summary>
internal static class ValidateResourcePolicy
{
    public static Output Invoke(Call call, Input input)
    {
        var id = input.Has("SecretId") ? Call.SecretId(input) : null;
        var policy = ResourcePolicy.From(input);
        if (id is not null)
            call.ReadActive(id);
        IEnumerable<Output> errors = policy.IsPublic
            ? [new Output().With("CheckName", "PublicAccess").With("ErrorMessage", "The resource policy grants broad access to the secret.")]
            : [];
        return new Output().With("PolicyValidationPassed", !policy.IsPublic).With("ValidationErrors", errors, evenIfEmpty: true);
    }
}
