using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The secret that another Component names, as far as its config, its outputs and its state show.</summary>
/// <param name="component">The Component.</param>
/// <param name="policies">Fills in the region and role that the config does not set; null for none.</param>
/// <param name="defaultRegion">The program's own region.</param>
internal sealed class NamedSecret(Component component, IPolicySource? policies, string? defaultRegion)
{
    private IReadOnlyList<SecretTarget> Targets => field ??= SecretState.Read(component.Status?.Applied ?? []).Targets;

    /// <summary>Whether the Component's state has this ARN.</summary>
    public bool Has(string arn) => Targets.Any(t => t.Arn == arn);

    /// <summary>Whether it created or owned the secret, or it is not known yet which one it names.</summary>
    public bool MayReferTo(SecretTarget target) =>
        Targets.Any(t => t.IsSameSecret(target)) || (IsReference(SecretKeys.SecretName) && Reported(SecretOutputs.Name) is null);

    /// <summary>Whether it is this secret.</summary>
    /// <param name="target">The secret.</param>
    /// <param name="orMayBe">Also if it may be: a reference to the region or role is unresolved, or the policies that fill them in are unknown.</param>
    public bool Is(SecretTarget target, bool orMayBe = false)
    {
        if (Named(SecretKeys.SecretName, SecretOutputs.Name) != target.Name)
            return false;
        var filled = policies is null ? null : WrittenRequest.Filled(component, policies);
        var region = Named(SecretKeys.Region, SecretOutputs.Region) ?? filled?.Region;
        var role = Named(SecretKeys.RoleArn, null) ?? filled?.RoleArn;
        return ((region ?? FallbackRegion()) == target.Region || (orMayBe && region is null && IsOpen(SecretKeys.Region)))
            && (MayBeSameAccount(target, role)
                || (orMayBe && role is null && IsOpen(SecretKeys.RoleArn) && Reported(SecretOutputs.Arn) is null && Targets.Count == 0));

        bool IsOpen(string key) => IsReference(key) || (policies is not null && filled is null);

        string? FallbackRegion() => IsReference(SecretKeys.Region) ? null : defaultRegion;
    }

    // Another role of the same account leads to the same secret. Once AWS returned the ARN, only an account known to be different means a different secret:
    // a Component without a role, or with a role from a reference, and without an ARN yet may mean this one.
    private bool MayBeSameAccount(SecretTarget target, string? role)
    {
        if (role == target.RoleArn || (target.Arn is { } arn && (Reported(SecretOutputs.Arn) == arn || Has(arn))))
            return true;
        if ((target.Account ?? AwsForms.AccountOf(target.RoleArn)) is not { } account)
            return false;
        var its = AwsForms.AccountOf(role) ?? (Targets.Count > 0
            ? Targets.LastOrDefault(t => t.Name == target.Name && t.Region == target.Region && t.RoleArn == role)?.Account
            : Reported(SecretOutputs.Name) == target.Name ? AwsForms.AccountOf(Reported(SecretOutputs.Arn)) : null);
        return its is null ? target.Arn is not null : its == account;
    }

    // The config may hold references; the outputs say what they became.
    private string? Named(string key, string? output) =>
        !IsReference(key) ? JsonText.NotEmpty(component.Spec.Config, key) : output is null ? null : Reported(output);

    private bool IsReference(string key) => ConfigReferences.IsReference(component.Spec.Config?[key]);

    private string? Reported(string output) => JsonText.NotEmpty(component.Status?.ProviderStatus, output);
}
