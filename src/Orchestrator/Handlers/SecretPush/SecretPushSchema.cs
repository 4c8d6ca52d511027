using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>What is known of a secret-push config.</summary>
internal sealed class SecretPushSchema : ConfigSchema
{
    /// <summary>The schema.</summary>
    public static readonly SecretPushSchema Instance = new();

    private static readonly PlacePattern[] Patterns =
    [
        .. new[]
        {
            "secretName", "region", "kmsKeyId", "description", "roleArn", "externalId", "updatePolicy", "deletionPolicy", "refreshInterval",
            "tags.*", "fields.*.value", "fields.*.generator.excludeCharacters",
        }.Select(p => new PlacePattern(p, PlaceType.Text)),
        .. new[] { "recoveryWindowInDays", "fields.*.generator.passwordLength" }.Select(p => new PlacePattern(p, PlaceType.Number)),
        .. new[]
        {
            "adopt", "fields.*.generator.requireEachIncludedType", "fields.*.generator.includeSpace", "fields.*.generator.excludeLowercase",
            "fields.*.generator.excludeUppercase", "fields.*.generator.excludeNumbers", "fields.*.generator.excludePunctuation",
        }.Select(p => new PlacePattern(p, PlaceType.Boolean)),
    ];

    public override bool MayHoldOtherTemplates => false;

    public override PlaceType TypeAt(JsonObject config, IReadOnlyList<ReferenceStep> path) => PlacePattern.TypeAt(Patterns, path) ?? PlaceType.Any;

    public override string? KeyOfValue(IReadOnlyList<ReferenceStep> path) =>
        path is [{ Key: "fields" }, { Key: not null }, { Key: "valueFrom" }] ? "value" : null;

    public override JsonObject? EditsWhileTerminating(JsonObject desired, JsonObject current) => TerminatingEdits.Apply(desired, current);
}
