using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.SecretsManager;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.Observed;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Whether a released secret is deleted: the decision table, and the calls that it requires.</summary>
public sealed class ReleaseDecisionTests
{
    private const string Foreign = "0c7a1a52-5d0c-4a4c-8f9e-0d1c9a3b7e11";
    private static readonly DateTimeOffset Now = Start.AddHours(1);
    private static readonly SecretTarget Target = new(Name, "us-east-1", Arn, WriteBegunAt: Start);

    // Its Component was deleted, no other one wants it, and AWS shows it with our version.
    private static readonly ReleaseObservation Deleted = Shown(Described(Token(), Me), Written(Start));

    public static TheoryData<string, object, string> Table => new()
    {
        { "ours", Deleted, "delete in 30 days: the Component is deleted, and deletionPolicy is Delete" },
        { "ours, window 0", Deleted with { Terms = new(DeletionPolicy.Delete, 0) }, "delete at once: the Component is deleted, and deletionPolicy is Delete" },
        { "ours, no value", Shown(Described(null, Me), new()), "delete in 30 days: the Component is deleted, and deletionPolicy is Delete" },
        { "ours by a previous incarnation", Shown(Described(Token(uid: FormerUid)), new()),
            "delete in 30 days: the Component is deleted, and deletionPolicy is Delete" },
        { "the former one of a Component that stays", Deleted with { DeletedAt = null },
            "delete in 30 days: the Component names another secret now, and deletionPolicy is Delete" },
        { "retained", Deleted with { Terms = new(DeletionPolicy.Retain, 30) }, "leave: deletionPolicy is Retain" },
        { "scheduled already", Shown(Described(Token(), Me, scheduled: true), Written(Start)), "forget" },
        { "scheduled already, window 0", Shown(Described(Token(), Me, scheduled: true), Written(Start)) with { Terms = new(DeletionPolicy.Delete, 0) },
            "delete at once: the Component is deleted, and deletionPolicy is Delete" },
        { "the one that is kept, by another role", Deleted with { KeptArn = Arn }, "forget" },
        { "named by another", Deleted with { NamedBy = new("myapp", "peer") }, "leave: myapp/peer names it too" },
        { "wanted by an entry", Wanted(isTerminating: false), "leave: the entry creds of Composition myapp/app still wants it" },
        { "wanted by an entry, the Component stays", Wanted(isTerminating: false) with { DeletedAt = null },
            "leave: the entry creds of Composition myapp/app still wants it" },
        { "wanted by an entry, its Component just deleted", Wanted(isTerminating: false) with { DeletedAt = Now.AddSeconds(-4) },
            "wait: waiting a moment to see whether Composition app is deleted, too" },
        { "wanted by another's entry, the Component just deleted", Wanted(isTerminating: false, isOwn: false) with { DeletedAt = Now.AddSeconds(-4) },
            "leave: the entry creds of Composition myapp/app still wants it" },
        { "wanted by an entry, its clock ahead", Wanted(isTerminating: false) with { DeletedAt = Now.AddSeconds(4) },
            "leave: the entry creds of Composition myapp/app still wants it" },
        { "wanted by an entry, the Namespace terminates", Wanted(isTerminating: true),
            "delete in 30 days: the Component is deleted, and deletionPolicy is Delete" },
        { "someone else's", Shown(Described(Foreign), new()), "leave: it belongs to an unknown owner (no owner tag)" },
        { "someone else's by tag, our version", Shown(Described(Token(), Stranger), Written(Start)), "leave: it belongs to cluster-b/myapp/credentials" },
        { "a living peer's", Shown(Described(Token(Peer), Peer), Written(Start)), "leave: it belongs to cluster-a/myapp/peer" },
        { "a gone owner's", Shown(Described(Token(Gone), Gone), new()), "leave: it belongs to cluster-a/myapp/gone" },
        { "a gone owner's, inherited", Shown(Described(Token(Gone), Gone), new()) with { ReportedArn = Arn },
            "delete in 30 days: the Component is deleted, and deletionPolicy is Delete" },
        { "a living peer's, reported", Shown(Described(Token(Peer), Peer), new()) with { ReportedArn = Arn }, "leave: it belongs to cluster-a/myapp/peer" },
        { "collected after a restore, never written", Shown(Described(Token(uid: FormerUid), Me), new()) with { HasLostComposition = true },
            "leave: this Component never wrote it, and its Composition is gone" },
        { "collected after a restore, written", Deleted with { HasLostComposition = true },
            "delete in 30 days: the Component is deleted, and deletionPolicy is Delete" },
        { "collected after a restore, written, under values of somebody else", Shown(Described(Foreign, Me), Written(Start)) with { HasLostComposition = true },
            "delete in 30 days: the Component is deleted, and deletionPolicy is Delete" },
        { "collected after a restore, another one written", Shown(Described(Foreign, Me), Moved) with { HasLostComposition = true },
            "leave: this Component never wrote it, and its Composition is gone" },
        { "collected after a restore, one of its name written that is gone",
            Shown(Described(Foreign, Me) with { Arn = $"{Arn[..^6]}GhIjKl" }, Written(Start)) with { HasLostComposition = true },
            "leave: this Component never wrote it, and its Composition is gone" },
        { "gone", Shown(null, Written(Start)), "forget" },
        { "not to be seen yet", Shown(null, Written(Start)) with { Target = Target with { WriteBegunAt = Now.AddSeconds(-119) } },
            "wait: waiting for AWS to show whether myapp/credentials exists" },
        { "refused for certain, by this process", Refused(processAge: TimeSpan.FromHours(2)), "forget" },
        { "refused for certain, by another process just before", Refused(processAge: TimeSpan.FromSeconds(1)),
            "wait: waiting for AWS to show whether myapp/credentials exists" },
        { "gone, in another account", Shown(null, Written(Start)) with { CallerAccount = "999999999999" },
            "refuse: the credentials are of account 999999999999, but myapp/credentials was made in 123456789012: nothing is deleted; use "
            + "credentials of that account, or set deletionPolicy: Retain" },
        { "denied", Denied, "fail: whether it exists is unknown: DescribeSecret is denied" },
        { "denied, in another account", Denied with { CallerAccount = "999999999999" },
            "refuse: the credentials are of account 999999999999, but myapp/credentials was made in 123456789012: nothing is deleted; use "
            + "credentials of that account, or set deletionPolicy: Retain" },
    };

    private static SecretState Moved => Written(Start).With(new("myapp/other", "us-east-1"));

    private static ReleaseObservation Denied => Shown(null, Written(Start)) with
    {
        Target = Target with { WriteBegunAt = Now },
        Denial = new("DescribeSecret", AwsErrorKind.Denied, "AccessDeniedException", "no"),
    };

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public void Each_secret_to_release_has_its_action(string situation, object seen, string action) =>
        Assert.Equal($"{situation}: {action}", $"{situation}: {Word(ReleaseDecision.Decide((ReleaseObservation)seen))}");

    [Fact]
    public void A_fact_that_does_not_decide_is_not_requested()
    {
        var unasked =
            Deleted with { IsDescribed = false, Secret = null, CallerAccount = null, Ownership = DeploymentOrchestrator.Handlers.SecretPush.Ownership.Absent };
        Assert.Equal("ask Secret", Word(ReleaseDecision.Decide(unasked)));
        Assert.Equal("ask Namespace", Word(ReleaseDecision.Decide(unasked with { WantedBy = Entry() })));
        Assert.Equal("leave: deletionPolicy is Retain", Word(ReleaseDecision.Decide(unasked with { Terms = new(DeletionPolicy.Retain, 30) })));
        Assert.Equal("leave: a/b names it too", Word(ReleaseDecision.Decide(unasked with { NamedBy = new("a", "b"), WantedBy = Entry() })));
        Assert.Equal("leave: the entry creds of Composition myapp/app still wants it",
            Word(ReleaseDecision.Decide(unasked with { WantedBy = Entry(), IsNamespaceTerminating = false })));
        Assert.Equal("ask Account", Word(ReleaseDecision.Decide(unasked with { IsDescribed = true })));
        Assert.Equal("ask Account", Word(ReleaseDecision.Decide(Denied with { CallerAccount = null })));
        // An unknown account is not compared.
        Assert.Equal("forget", Word(ReleaseDecision.Decide(unasked with { IsDescribed = true, Target = Target with { Arn = null } })));
    }

    private static ReleaseObservation Shown(SecretDescription? secret, SecretState state) => new()
    {
        Target = Target,
        Terms = new(DeletionPolicy.Delete, 30),
        State = state,
        Self = Me,
        Uid = Uid,
        DeletedAt = Start.AddMinutes(30),
        IsDescribed = true,
        Secret = secret,
        Ownership = new Observed { Secret = secret, State = state }.Ownership(),
        CallerAccount = "123456789012",
        Now = Now,
        ProcessAge = TimeSpan.FromHours(2),
    };

    private static WantingEntry Entry(bool isOwn = true) => new(new("myapp", "app"), "creds", isOwn);

    private static ReleaseObservation Wanted(bool isTerminating, bool isOwn = true) =>
        Deleted with { WantedBy = Entry(isOwn), IsNamespaceTerminating = isTerminating };

    private static ReleaseObservation Refused(TimeSpan processAge)
    {
        var target = new SecretTarget(Name, "us-east-1", WriteBegunAt: Now.AddMinutes(-1));
        return Shown(null, new() { Pending = new(Token(), NotWritten: true), Targets = [target] }) with { Target = target, ProcessAge = processAge };
    }

    private static string Word(SecretAction action) => action switch
    {
        SecretAction.Ask ask => $"ask {ask.Fact}",
        SecretAction.Delete { RecoveryWindowInDays: 0 } => $"delete at once: {action.Reason.Text}",
        SecretAction.Delete delete => $"delete in {delete.RecoveryWindowInDays} days: {action.Reason.Text}",
        SecretAction.LeaveInPlace => $"leave: {action.Reason.Text}",
        SecretAction.Forget => "forget",
        SecretAction.Wait => $"wait: {action.Reason.Text}",
        SecretAction.Refuse => $"refuse: {action.Reason.Text}",
        SecretAction.Fail => $"fail: {action.Reason.Text}",
        _ => action.ToString(),
    };
}
