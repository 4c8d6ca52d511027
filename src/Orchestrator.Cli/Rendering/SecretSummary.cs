using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>The secrets of a run by name, field names and the command that reads them; never a value.</summary>
internal static class SecretSummary
{
    /// <summary>A paragraph for each secret that the Components report, by name; nothing where there is none.</summary>
    public static IReadOnlyList<string> Lines(IEnumerable<Component> components, SecretAccess access)
    {
        var secrets = components.Select(Read).OfType<Secret>().OrderBy(s => s.Name, StringComparer.Ordinal)
            .ThenBy(s => s.Region, StringComparer.Ordinal).ToList();
        if (secrets.Count == 0)
            return [];

        var lines = new List<string>();
        if (access.EndsWithProgram)
        {
            lines.Add("The embedded Secrets Manager and its secrets ended with this program. To read them, run without --once and with");
            lines.Add($"--secrets-manager-port {SecretAccess.SuggestedPort}, or push to AWS with --aws.");
            lines.Add("");
        }

        foreach (var secret in secrets)
        {
            lines.Add($"Secret {secret.Name} in {secret.Region}");
            lines.Add(secret.IsOurs ? $"  fields: {string.Join(", ", secret.Fields)}" : "  owned by somebody else, left unchanged");
            lines.Add($"  {access.ReadCommand(secret.Name, secret.Region)}");
        }

        return lines;
    }

    private static Secret? Read(Component component)
    {
        if (component.Spec.Handler != SecretPushConfig.HandlerName
            || (string?)component.Status?.ProviderStatus?[SecretOutputs.Name] is not { } name
            || (string?)component.Status.ProviderStatus[SecretOutputs.Region] is not { } region)
            return null;
        var fields = component.Spec.Config?["fields"]?.AsObject().Select(f => f.Key) ?? [];
        return new(name, region, [.. fields], component.Status.Condition("SecretPushed")?.Status != Condition.False);
    }

    private sealed record Secret(string Name, string Region, IReadOnlyList<string> Fields, bool IsOurs);
}
