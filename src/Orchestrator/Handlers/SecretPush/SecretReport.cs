using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>What a Component's status says of its secret: outputs, conditions and message. Pure.</summary>
internal static class SecretReport
{
    /// <summary>The outputs: the specification's seven keys; what describes a value write is absent where we did none that is known.</summary>
    public static JsonObject Outputs(SecretPushConfig config, SecretTarget target, string inputs, AppliedSecret applied, VersionToken? mine)
    {
        var outputs = new JsonObject
        {
            ["secretArn"] = target.Arn,
            ["secretName"] = target.Name,
            ["secretPath"] = target.Name,
        };
        var written = VersionToken.Parse(applied.VersionId) ?? mine;
        if (written is not null)
            outputs["versionId"] = written.ToString();
        outputs["region"] = target.Region;
        if (written is not null)
        {
            outputs["lastSyncTime"] = TimestampConverter.ToText(applied.WrittenAt ?? written.OccasionTime);
            if ((applied.FieldCount ?? (written.Inputs == inputs ? config.Fields.Count : null)) is { } count)
                outputs["fieldCount"] = count;
        }

        return outputs;
    }

    /// <summary>The conditions of a secret whose value secret-push wrote.</summary>
    public static IReadOnlyList<Condition> Pushed(SecretPushConfig config) =>
    [
        config.Fields.Any(f => f.Generator is not null)
            ? New("SecretsGenerated", Condition.True, "Generated", "Generated passwords via AWS GetRandomPassword")
            : New("SecretsGenerated", Condition.True, "NothingToGenerate", "No field is generated"),
        New("SecretPushed", Condition.True, "Pushed", "Pushed to AWS Secrets Manager"),
    ];

    /// <summary>The conditions of a secret that has somebody else's value.</summary>
    public static IReadOnlyList<Condition> NotPushed(string reason, string message) =>
        [New("SecretsGenerated", Condition.False, reason, message), New("SecretPushed", Condition.False, reason, message)];

    /// <summary>The conditions beside those, where they apply.</summary>
    public static IEnumerable<Condition> Extras(Possession possession, AppliedSecret applied, string? postponed)
    {
        if (possession.IsDrifted)
            yield return New("Drifted", Condition.True, "ForeignVersion", $"the current version {possession.CurrentVersionId} was written by somebody else");
        var rights = applied.Denied is { Count: > 0 } denied ? $"done without {string.Join(", ", denied)}: give these rights, or do without what they are for" : null;
        if (postponed is not null)
            yield return New("Limited", Condition.True, "WriteBudget", rights is null ? postponed : $"{postponed}; {rights}");
        else if (rights is not null)
            yield return New("Limited", Condition.True, "MissingRights", rights);
    }

    /// <summary>The message of a secret that is in place.</summary>
    public static string Message(SecretPushConfig config, SecretTarget target, string inputs, AppliedSecret applied, Possession possession)
    {
        var takenBack = applied.TakenBack is { } last && last.VersionId == (applied.VersionId ?? possession.CurrentVersionId) ? last.How : (Recreate?)null;
        if (config.UpdatePolicy == UpdatePolicy.IfNotExists && (applied.Inputs ?? possession.Current?.Inputs) is { } written && written != inputs)
        {
            return $"fields changed after the secret was written{(takenBack == Recreate.Restore ? ", it was restored with its value" : "")}, and IfNotExists leaves its value: "
                + "set updatePolicy: AlwaysUpdate, or "
                + (config.Recreate == Recreate.Restore ? $"take recreate: Restore and the label {RestoredObject.Label} off, then " : "")
                + "delete and recreate the Component";
        }

        return $"secret {target.Name} is in AWS Secrets Manager in {target.Region}" + takenBack switch
        {
            Recreate.Restore => ", restored with its value",
            Recreate.Regenerate => ", regenerated after it was scheduled for deletion",
            _ => "",
        };
    }

    private static Condition New(string type, string status, string reason, string message) =>
        new() { Type = type, Status = status, Reason = reason, Message = message };
}
