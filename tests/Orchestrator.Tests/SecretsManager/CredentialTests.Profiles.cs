using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>Typical profiles (field case 12-aws-config): IAM Identity Center, a process, a role, MFA.</summary>
public sealed partial class CredentialTests
{
    private const string Session = "[profile work]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Dev\nregion = eu-west-1\n"
        + "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n";

    private const string Legacy = "[profile work]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 123456789012\n"
        + "sso_role_name = Dev\nregion = eu-west-1\n";

    [Theory]
    [InlineData(Session, "corp")]
    [InlineData(Legacy, "https://corp.awsapps.com/start")]
    public async Task A_profile_of_IAM_Identity_Center_uses_the_session_of_aws_sso_login(string config, string cachedAs)
    {
        await using var portal = await ScriptedServer.Answering(200, JsonSerializer.Serialize(new
        {
            roleCredentials = new
            {
                accessKeyId = "ASIATEST",
                secretAccessKey = "made-up",
                sessionToken = "made-up",
                expiration = TimeProvider.System.GetUtcNow().AddHours(6).ToUnixTimeMilliseconds(),
            },
        }));
        CacheToken(cachedAs, TimeProvider.System.GetUtcNow().AddHours(6));

        await Ready(new(Profile("", config)) { ["AWS_ENDPOINT_URL_SSO"] = portal.Endpoint.AbsoluteUri });

        Assert.Equal(Push.Select(operation => $"{operation} eu-west-1 111111111111"), Calls());
    }

    [Theory]
    [InlineData(Session, "corp")]
    [InlineData(Legacy, "https://corp.awsapps.com/start")]
    public async Task An_expired_session_of_IAM_Identity_Center_is_Denied_and_the_message_names_the_command(string config, string cachedAs)
    {
        CacheToken(cachedAs, TimeProvider.System.GetUtcNow().AddHours(-1));

        Assert.Contains(": no AWS credentials: run aws sso login --profile work: ", await Failed(Profile("", config)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Session)]
    [InlineData(Legacy)]
    public async Task A_profile_of_IAM_Identity_Center_without_a_session_names_the_command(string config) =>
        Assert.Contains(": no AWS credentials: run aws sso login --profile work: ", await Failed(Profile("", config)), StringComparison.Ordinal);

    [Fact]
    public async Task A_session_that_IAM_Identity_Center_refuses_names_the_command()
    {
        await using var portal = await ScriptedServer.Start((context, _) =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers["x-amzn-errortype"] = "UnauthorizedException";
            return context.Response.WriteAsync("""{"message":"Session token not found or invalid"}""");
        });
        CacheToken("corp", TimeProvider.System.GetUtcNow().AddHours(6));

        var denied = await Failed(new(Profile("", Session)) { ["AWS_ENDPOINT_URL_SSO"] = portal.Endpoint.AbsoluteUri });

        Assert.Contains(": no AWS credentials: run aws sso login --profile work: ", denied, StringComparison.Ordinal);
        Assert.Contains("Session token not found or invalid", denied, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("credential_process = /nowhere/nope.sh", "nope.sh")]
    [InlineData("role_arn = arn:aws:iam::222222222222:role/x\nsource_profile = nobody", "nobody")]
    [InlineData("role_arn = arn:aws:iam::222222222222:role/x\nsource_profile = base\nmfa_serial = arn:aws:iam::222222222222:mfa/me", "mfa_serial")]
    public async Task A_profile_without_credentials_is_Denied_with_the_reason(string profile, string why)
    {
        var denied = await Failed(
            Profile("[base]\naws_access_key_id = AKIDTEST\naws_secret_access_key = made-up\n", $"[profile work]\nregion = eu-west-1\n{profile}\n"));

        Assert.Contains(": no AWS credentials: ", denied, StringComparison.Ordinal);
        Assert.Contains(why, denied[..denied.IndexOf("; looked in", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_output_of_a_credential_process_that_may_hold_a_secret_is_not_shown()
    {
        const string Secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00";
        var script = home.Write("cp.sh", $"echo '{{\"SecretAccessKey\":\"{Secret}\"}}'\necho 'SecretAccessKey: short-one' >&2\necho '{Secret}' >&2\nexit 3\n");

        var denied = await Failed(Profile("", $"[profile work]\nregion = eu-west-1\ncredential_process = sh {script}\n"));

        Assert.DoesNotContain(Secret, denied, StringComparison.Ordinal);
        Assert.DoesNotContain("short-one", denied, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("500", Explicit = true)]
    [InlineData("404", Explicit = true)]
    [InlineData("no answer of a container", Explicit = true)]
    public async Task A_Pod_Identity_agent_that_gives_no_credentials_yet_is_waited_for(string outage)
    {
        await using var agent = await ScriptedServer.Start((context, call) => Agent(context, call <= 6 ? outage : "well"));

        await Ready(new() { ["AWS_REGION"] = "ap-south-1", ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = new Uri(agent.Endpoint, "/v1/credentials").AbsoluteUri });
    }

    private static Task Agent(HttpContext context, string state)
    {
        switch (state)
        {
            case "cut":
                context.Abort();
                return Task.CompletedTask;
            case "500" or "404":
                context.Response.StatusCode = int.Parse(state);
                return Task.CompletedTask;
            case "well":
                return context.Response.WriteAsync(JsonSerializer.Serialize(new
                {
                    AccessKeyId = "ASIATEST",
                    SecretAccessKey = "made-up",
                    Token = "made-up",
                    // They expire so soon that the SDK requests new ones each time.
                    Expiration = TimeProvider.System.GetUtcNow().AddMinutes(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
                }));
            default:
                return context.Response.WriteAsync(state);
        }
    }

    private void CacheToken(string cachedAs, DateTimeOffset until)
    {
#pragma warning disable CA5350 // So the AWS CLI and SDKs name the file.
        var name = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(cachedAs)));
#pragma warning restore CA5350
        var cache = Directory.CreateDirectory(Path.Combine(home.Folder, ".aws", "sso", "cache"));
        File.WriteAllText(Path.Combine(cache.FullName, $"{name}.json"), JsonSerializer.Serialize(new
        {
            startUrl = "https://corp.awsapps.com/start",
            region = "eu-west-1",
            accessToken = "made-up-token",
            expiresAt = until.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        }));
    }
}
