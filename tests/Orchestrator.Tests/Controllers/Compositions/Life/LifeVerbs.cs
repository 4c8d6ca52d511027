using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

/// <summary>
/// Everything that can happen to a Composition. <c>database</c> reads a ConfigMap, <c>creds</c> pushes the output of database and a password,
/// <c>consumer</c> applies an object that names the secret, and <c>lone</c> pushes an unrelated secret.
/// </summary>
internal static class LifeVerbs
{
    private const string Database = """{"name":"database","type":"config-reader","config":{"sources":[{"name":"database","exports":[{"key":"endpoint"}]}]}}""";
    private const string Creds =
        """{"name":"creds","type":"secret-push","config":{"secretName":"NS/creds","deletionPolicy":"Retain","fields":{"host":{"value":"{{ """
        + """.database.providerStatus.endpoint }}"},"password":{"generator":{"passwordLength":16}}}}}""";
    private const string Consumer =
        """{"name":"consumer","type":"manifest","config":{"manifests":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"consumer"},"data":"""
        + """{"secret":"{{ .creds.providerStatus.secretName }}","theirs":"{{ .password }}"}}]}}""";
    private const string Lone =
        """{"name":"lone","type":"secret-push","config":{"secretName":"NS/lone","updatePolicy":"AlwaysUpdate","deletionPolicy":"Delete","fields":"""
        + """{"user":{"value":"a"},"password":{"generator":{"passwordLength":16}}}}}""";

    // creds as a config-reader with an output of the same name.
    private const string Namesake =
        """{"name":"creds","type":"config-reader","config":{"sources":[{"name":"database","exports":[{"key":"endpoint","as":"secretName"}]}]}}""";

    private static readonly string[] All = [Database, Creds, Consumer, Lone];

    public static IReadOnlyList<LifeVerb> Table { get; } =
    [
        new("create", [], new LifeStep(run => run.Put(All), Ready(4))),
        new("add an entry", All, new LifeStep(
            run => run.Put(
                [.. All, """{"name":"extra_one","type":"secret-push","dependsOn":["lone"],"config":{"secretName":"NS/extra","fields":{"host":{"value":"{{ """
                + """.database.providerStatus.endpoint }}"}}}}"""]),
            Ready(5))),
        new("rename an entry", All, new LifeStep(
            run => run.Put(Database, With(Creds, "\"creds\"", "\"logins\""), With(Consumer, ".creds.", ".logins."), Lone),
            Ready(4, text => text.Has("sys-logins") && !text.Has("sys-creds") && text.Has("secret NS/creds: 1 versions")))),
        new("rename an entry and retype what it needs", All, new LifeStep(
            run => run.Put(
                """{"name":"database","type":"secret-push","config":{"secretName":"NS/base","fields":{"user":{"value":"a"}}}}""",
                With(With(Creds, "\"creds\"", "\"logins\""), ".providerStatus.endpoint", ".providerStatus.secretName"),
                With(Consumer, ".creds.", ".logins."),
                Lone),
            Ready(4, text => text.Has("sys-logins") && !text.Has("sys-creds") && text.Has("secret NS/creds: 1 versions\n")
                && text.Has("secret NS/base: 1 versions\n")))),
        new("remove entries", All, new LifeStep(
            run => run.Put(Database, Creds),
            Ready(2, text => !text.Has("sys-consumer") && !text.Has("ConfigMap consumer") && !text.Has("sys-lone")
                && text.Has("secret NS/lone: 1 versions, going")))),
        new("remove a chain", All, new LifeStep(
            run => run.Put(Lone),
            Ready(1, text => !text.Has("sys-consumer") && !text.Has("ConfigMap consumer") && !text.Has("sys-creds") && !text.Has("sys-database")
                && text.Has("secret NS/creds: 1 versions\n") && text.Has("secret NS/lone: 1 versions\n")))),
        new("retype an entry", All, new LifeStep(
            run => run.Put(Database, Creds, Consumer, With(Database, "\"name\":\"database\",\"type\"", "\"name\":\"lone\",\"type\"")),
            Ready(4, text => text.Has("sys-lone Ready: ") && text.Has("\"handler\":\"config-reader\",\"name\":\"lone\"")))),
        new("retype an entry that another needs", All, new LifeStep(
            run => run.Put(Database, Namesake, Consumer, Lone),
            (run, text) => Ready(4)(run, text) && text.Has("ConfigMap consumer {\"secret\":\"one\"") && text.Has("secret NS/creds: 1 versions\n")
                && run.Uid("sys-consumer") == run.UidBefore("sys-consumer") && run.Uid("sys-creds") != run.UidBefore("sys-creds"))),
        new("change a config", All, new LifeStep(
            run => run.Put(Database, Creds, Consumer, With(Lone, "\"a\"", "\"b\"")),
            Ready(4, text => text.Has("secret NS/lone: 2 versions") && text.Has("\"value\":\"b\"") && text.Has("sys-lone Ready")))),
        new("change the order", All, new LifeStep(
            run => run.Put(With(Lone, "\"config\":", "\"dependsOn\":[\"sys-creds\"],\"config\":"), Consumer, Creds, Database),
            Ready(4, text => text.Has("\"dependsOn\":[\"creds\"],\"config\":{\"secretName\":\"NS/lone\"") && text.Has("sys-lone Ready")
                && text.Has("row lone Ready: ") && text.Has("secret NS/lone: 1 versions")))),
        new("change timeouts", All, new LifeStep(
            run => run.Put(Database, With(Creds, "\"config\":", "\"deploymentTimeout\":\"1h\",\"terminationTimeout\":\"2h\",\"config\":"), Consumer, Lone),
            Ready(4, text => text.Has("\"deploymentTimeout\":\"1h\",\"terminationTimeout\":\"2h\"") && text.Has("sys-creds Ready")
                && text.Has("secret NS/creds: 1 versions")))),
        new("change an output", All, new LifeStep(
            run => run.PutEndpoint("two"),
            Ready(4, text => text.Has("\"host\":{\"value\":\"two\"}") && text.Has("sys-creds Ready") && text.Has("sys-consumer Ready"))))
        {
            // A child that uses the changed output is applied again, once; one that uses another, unchanged output is not.
            AtEnd = run => Assert.Equal((1, 0, 0), (run.Reapplied("sys-creds"), run.Reapplied("sys-consumer"), run.Reapplied("sys-lone"))),
        },
        new("delete a child by hand", All, new LifeStep(
            run => run.Delete("sys-creds"),
            (run, text) => text == run.Before && run.UidBefore("sys-creds") != run.Uid("sys-creds"))),
        new("edit a child by hand", All, new LifeStep(
            run => run.Edit(ResourceType.Component, "sys-creds", child =>
            {
                child["spec"]!["config"]!["fields"]!["host"]!["value"] = "elsewhere";
                child["spec"]!["dependsOn"] = null;
                child["metadata"]!["labels"] = null;
                child["metadata"]!["finalizers"] = new JsonArray(ApiGroup.LifecycleFinalizer("secret-push"));
            }),
            (run, text) => text == run.Before)),
        new("find a name taken", [Database],
            new LifeStep(
                async run =>
                {
                    await run.PutComponent("sys-lone",
                        """{"handler":"config-reader","config":{"sources":[{"name":"database","exports":[{"key":"endpoint"}]}]}}""");
                    await run.Put(Database, Lone);
                },
                (_, text) =>
                    text.Has("composition Failed: lone: a Component \"sys-lone\" that is not this Composition's has the name") && text.Has("sys-lone Ready")
                    && text.Has("owner none")),
            new LifeStep(run => run.Delete("sys-lone"), Ready(2, text => text.Has("secret NS/lone: 1 versions")))),
        new("delete", All, new LifeStep(run => run.Delete("sys", ResourceType.Composition), IsGone)),
        new("delete in the foreground", All, new LifeStep(run => run.Delete("sys", ResourceType.Composition, DeletePropagation.Foreground), IsGone)),
        new("delete and leave orphans", All, new LifeStep(
            run => run.Delete("sys", ResourceType.Composition, DeletePropagation.Orphan),
            (run, text) => !text.Has("\ncomposition ") && !text.Has("coordination") && Count(text, "owner none") == 4 && Count(text, "sys-") == 4
                && text.Has("secret NS/lone: 1 versions\n") && AllFour(name => run.Uid(name) == run.UidBefore(name))))
        {
            HasOrder = false,
        },
        new("take its finalizer off by force", All, new LifeStep(
            async run =>
            {
                await run.Delete("sys", ResourceType.Composition);
                await run.Edit(ResourceType.Composition, "sys", composition => composition["metadata"]!["finalizers"] = null, mayBeGone: true);
            },
            (_, text) => !text.Has("\ncomposition ") && !text.Has("sys-")))
        {
            HasOrder = false,
        },
        new("write something impossible", All, Impossible()),
        new("delete a child by hand while the spec is impossible", All,
            Impossible(Creds, Consumer),
            new LifeStep(run => run.Delete("sys-creds"), (_, text) => text.Has("composition Failed: spec.components[0]") && !text.Has("\nsys-creds ")),
            new LifeStep(
                async run =>
                {
                    Assert.DoesNotContain("\nsys-creds ", await run.WaitUntilSteady("without the child"), StringComparison.Ordinal);
                    Assert.Empty(run.Made);
                    await run.Put(All);
                },
                (run, text) => text == run.Before && run.UidBefore("sys-creds") != run.Uid("sys-creds"))),
        new("retain what cannot be deleted", [Database, Lone],
            new LifeStep(
                run =>
                {
                    run.World.SecretsManager.Faults.DenyAlways("DeleteSecret");
                    return run.Delete("sys", ResourceType.Composition);
                },
                (_, text) => text.Has("composition TerminationFailed: lone: ") && text.Has("secretsmanager:DeleteSecret") && !text.Has("sys-database")),
            new LifeStep(
                run => run.Put(Database, With(Lone, "\"deletionPolicy\":\"Delete\"", "\"deletionPolicy\":\"Retain\"")),
                (_, text) => !text.Has("\ncomposition ") && !text.Has("sys-") && text.Has("secret NS/lone: 1 versions\n"))),
        new("delete its namespace", All, new LifeStep(
            run => run.World.Store.Delete(ResourceType.Namespace, new(null, run.World.Namespace), new(), TestContext.Current.CancellationToken),
            (_, text) => text.Has("namespace gone") && text.Has("secret NS/lone: 1 versions, going")))
        {
            AtEnd = run => Assert.Empty(run.Made),
        },
        new("go on beside a failure", [Database],
            new LifeStep(
                run => run.Put(With(Database, "\"key\":\"endpoint\"", "\"key\":\"later\",\"as\":\"endpoint\""), Creds, Lone),
                (_, text) => text.Has("composition Failed: creds waits for database: ") && text.Has("sys-lone Ready") && !text.Has("sys-creds ")),
            new LifeStep(
                run => run.Put(Database, Creds, Lone),
                Ready(3))),
    ];

    private static bool Has(this string text, string part) => text.Contains(part, StringComparison.Ordinal);

    private static bool IsGone(LifeRun run, string text) =>
        !text.Has("\ncomposition ") && !text.Has("sys-") && !text.Has("ConfigMap consumer")
        && text.Has("secret NS/lone: 1 versions, going") && text.Has("secret NS/creds: 1 versions\n");

    private static LifeStep Impossible(params string[] others) => new(
        run => run.Put([With(Database, "\"key\"", "\"kee\""), .. others, With(Lone, "\"config\":", "\"dependsOn\":[\"nobody\"],\"config\":")]),
        (run, text) => text.Has("composition Failed: spec.components[0]") && text.Has("no component \"nobody\"") && Children(text) == Children(run.Before));

    private static Func<LifeRun, string, bool> Ready(int components, Func<string, bool>? also = null) => (_, text) =>
        text.Has($"composition Ready: {components} of {components} components are Ready") && also?.Invoke(text) != false;

    private static bool AllFour(Func<string, bool> holds) => new[] { "sys-database", "sys-creds", "sys-consumer", "sys-lone" }.All(holds);

    private static int Count(string text, string part) => text.Split('\n').Count(line => line.Has(part));

    private static string Children(string text) =>
        string.Join('\n', text.Split('\n')
        .Where(line => line.StartsWith("sys-", StringComparison.Ordinal) || line.StartsWith("secret", StringComparison.Ordinal)));

    private static string With(string entry, string what, string by)
    {
        Assert.Contains(what, entry, StringComparison.Ordinal);
        return entry.Replace(what, by, StringComparison.Ordinal);
    }
}
