namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>Each attack without a policy: it must succeed, and the suite must detect it. An attack that never works would pass every cell.</summary>
internal static class EscapeControls
{
    private const string Free = """
        {"allow":{"secretNames":["*"],"regions":["*"],"roleArns":["*"],"kmsKeyIds":["*"],"adopt":true,"takeOverFrom":["NEIGHBOUR"]}}
        """;

    private static readonly Victim Left = new("PREFIX/theirs/db") { Origin = Origin.DeletedComponent };
    private static readonly Victim HandMade = new("PREFIX/theirs/handmade") { Origin = Origin.Hand };
    private static readonly Victim Kept = new("PREFIX/mine/kept") { Origin = Origin.Scheduled };

    /// <summary>Each attack with the config with which its cells break a rule, and a policy that allows it.</summary>
    public static IReadOnlyList<(EscapeRule Rule, EscapeWay Way)> All { get; } = [.. EscapeWays.All.Select(way => (RuleOf(way), way))];

    private static EscapeRule RuleOf(EscapeWay way)
    {
        var victim = way.NeedsOwnBackup ? Kept : way.Name == "adopt" ? HandMade : way.IsOfAbandoned ? Left with { Origin = Origin.LivingComponent } : Left;
        return new("no wall") { Policy = Free, Bad = $$"""{"secretName":"{{victim.Name}}"}""", Victim = victim };
    }
}
