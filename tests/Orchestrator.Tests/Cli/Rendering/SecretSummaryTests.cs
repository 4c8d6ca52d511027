using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Rendering;
using static DeploymentOrchestrator.Tests.Cli.Rendering.Resources;

namespace DeploymentOrchestrator.Tests.Cli.Rendering;

public sealed class SecretSummaryTests
{
    private static readonly Uri Endpoint = new("http://127.0.0.1:4599");

    [Fact]
    public void Each_secret_is_named_with_its_fields_and_the_command_that_reads_it() => Assert.Equal(
        [
            "Secret a in eu-west-1",
            "  fields: token",
            "  AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws --endpoint-url http://127.0.0.1:4599 secretsmanager get-secret-value --secret-id a "
                + "--region eu-west-1 --query SecretString --output text",
            "Secret myapp/prod in us-east-1",
            "  fields: username, password",
            "  AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws --endpoint-url http://127.0.0.1:4599 secretsmanager get-secret-value --secret-id "
                + "myapp/prod --region us-east-1 --query SecretString --output text",
        ],
        SecretSummary.Lines([Secret("myapp/prod", fields: ["username", "password"]), Component("other"), Secret("a", "eu-west-1", "token")], new(Endpoint)));

    [Fact]
    public void In_AWS_the_command_takes_the_users_own_credentials() =>
        Assert.Contains(
            "  aws secretsmanager get-secret-value --secret-id a --region us-east-1 --query SecretString --output text",
            SecretSummary.Lines([Secret("a")], SecretAccess.Aws));

    [Fact]
    public void The_summary_explains_how_to_keep_a_Secrets_Manager_that_ends_with_the_program()
    {
        var lines = SecretSummary.Lines([Secret("a")], new(Endpoint, EndsWithProgram: true));

        Assert.Equal("The embedded Secrets Manager and its secrets ended with this program. To read them, run without --once and with", lines[0]);
        Assert.Equal("--secrets-manager-port 4566, or push to AWS with --aws.", lines[1]);
        Assert.Contains("--endpoint-url http://127.0.0.1:4566 ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_foreign_secret_has_unknown_fields()
    {
        var foreign = Secret("a", fields: ["password"]);
        foreign = foreign with { Status = foreign.Status! with { Conditions = [new() { Type = "SecretPushed", Status = Condition.False }] } };

        Assert.Equal(["Secret a in us-east-1", "  has another owner, left unchanged"], SecretSummary.Lines([foreign], SecretAccess.Aws).Take(2));
    }

    [Fact]
    public void The_summary_without_secrets_is_empty() =>
        Assert.Empty(SecretSummary.Lines([Component("a")], new(Endpoint, EndsWithProgram: true)));
}
