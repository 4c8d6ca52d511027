using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using static DeploymentOrchestrator.Tests.Cli.Rendering.Resources;

namespace DeploymentOrchestrator.Tests.Cli.Rendering;

public sealed class ProgressLinesTests : IDisposable
{
    private readonly StringWriter written = new() { NewLine = "\n" };

    public void Dispose() => written.Dispose();

    [Fact]
    public async Task A_row_that_changed_gets_a_line_and_one_that_did_not_gets_none()
    {
        await using var lines = new ChangeLines(written);

        lines.Changed([Row("a", Phase.Pending), Row("b", Phase.Ready, "done")]);
        lines.Changed([Row("a", Phase.Deploying, "at work"), Row("b", Phase.Ready, "done")]);
        lines.Changed([Row("a", Phase.Failed, "denied"), Row("b", Phase.Ready, "done")]);
        lines.Note("b SecretCreated created it");
        lines.Changed([Row("a", Phase.Ready)]);

        Assert.Equal("b Ready done\na Failed denied\nb SecretCreated created it\na Ready\nb deleted\n", written.ToString());
    }

    [Fact]
    public async Task A_lasting_operation_gets_a_progress_line()
    {
        await using var lines = new ChangeLines(written);
        StatusRow[] rows =
            [Row("app", Phase.Deploying, "web: waits", "Composition"), Row("a", Phase.Deploying, "throttled"), Row("b", Phase.Pending, "waits for a")];

        lines.Changed(rows);
        Assert.Equal("", written.ToString());
        lines.Waiting(rows);
        lines.Waiting(rows);
        Assert.Equal("a Deploying throttled\nb Pending waits for a\n", written.ToString());
        await lines.Ended(rows);
        Assert.Equal("a Deploying throttled\nb Pending waits for a\napp Deploying web: waits\n", written.ToString());
    }

    [Fact]
    public async Task A_Composition_and_a_Component_of_the_same_name_get_separate_lines()
    {
        await using var lines = new ChangeLines(written);

        lines.Changed([Row("app", handler: "Composition"), Row("app")]);
        lines.Changed([Row("app", handler: "Composition"), Row("app")]);

        Assert.Equal("app Ready\napp Ready\n", written.ToString());
    }

    [Fact]
    public async Task A_namespace_added_to_a_row_is_not_a_change()
    {
        await using var lines = new ChangeLines(written);

        lines.Changed([Row("app")]);
        lines.Changed([Row("app") with { Name = "default/app" }]);

        Assert.Equal("app Ready\n", written.ToString());
    }

    [Fact]
    public async Task A_deletion_reports_what_was_deleted_and_what_could_not_be()
    {
        await using var lines = new DeletionLines(written);

        lines.Note("c ResourceCreated created");
        lines.Changed([Row("a"), Row("b"), Row("c")]);
        lines.Changed([Row("a", Phase.Terminating), Row("b", Phase.Terminating), Row("c")]);
        lines.Note("a SecretDeleted deleted it");
        lines.Changed([Row("b", Phase.TerminationFailed, "denied"), Row("c")]);
        await lines.Ended([Row("b", Phase.TerminationFailed, "denied"), Row("c")]);

        Assert.Equal("a SecretDeleted deleted it\na deleted\nb TerminationFailed denied\n", written.ToString());
    }
}
