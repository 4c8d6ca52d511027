using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.Tests.Repository;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>A secret's whole life under the policies that people copy: the specification's, verbatim, and its corrected form in
/// docs/reference/iam.md.</summary>
public sealed class SecretPushRightsTests
{
    /// <summary>The specification's policy: no right to tag, and none to restore.</summary>
    internal const string Specification = """
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Effect": "Allow",
              "Action": [
                "secretsmanager:CreateSecret",
                "secretsmanager:UpdateSecret",
                "secretsmanager:DescribeSecret",
                "secretsmanager:DeleteSecret",
                "secretsmanager:GetRandomPassword"
              ],
              "Resource": "*"
            },
            {
              "Effect": "Allow",
              "Action": [
                "kms:Decrypt",
                "kms:GenerateDataKey"
              ],
              "Resource": "arn:aws:kms:*:*:key/*",
              "Condition": {
                "StringEquals": {
                  "kms:ViaService": "secretsmanager.*.amazonaws.com"
                }
              }
            }
          ]
        }
        """;

    private const string WithKey = """{"updatePolicy":"AlwaysUpdate","kmsKeyId":"alias/myapp-secrets","description":"d","tags":{"a":"b"}}""";

    [Fact]
    public async Task Under_the_specifications_policy_a_whole_life_works()
    {
        await using var push = await StartAsync(IamPolicy.Parse(Specification));
        var status = (await push.Put(Config("""{"updatePolicy":"AlwaysUpdate","tags":{"a":"b"}}"""))).Status!;
        Assert.Equal("Ready", status.Phase);
        Assert.Contains("secretsmanager:TagResource", status.Condition("Limited")!.Message!, StringComparison.Ordinal);
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromHours(1))).Status!.Phase);
        Assert.Equal(2, push.Cluster.Calls("GetRandomPassword"));
        await push.Delete();
        Assert.False(await push.Exists());

        // "Delete and recreate Component to regenerate", without RestoreSecret.
        await push.Put(Config());
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromSeconds(5))).Status!.Phase);
        Assert.Equal(3, push.Cluster.Calls("GetRandomPassword"));
    }

    [Fact]
    public async Task Under_the_specifications_policy_no_customer_managed_key_can_be_used()
    {
        await using var push = await StartAsync(IamPolicy.Parse(Specification));
        var status = (await push.Put(Config(WithKey))).Status!;
        Assert.Equal(("Failed", "Denied"), (status.Phase, status.Condition(Condition.Ready)!.Reason));
        Assert.Contains("with a KMS key kms:GenerateDataKey and kms:Decrypt", status.Message, StringComparison.Ordinal);
        Assert.Contains("Access to KMS is not allowed", status.Condition(Condition.Ready)!.Message!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_the_corrected_policy_everything_works()
    {
        await using var push = await StartAsync(IamPolicy.Parse(await Corrected()));
        var status = (await push.Put(Config(WithKey))).Status!;
        Assert.Equal("Ready", status.Phase);
        Assert.Null(status.Condition("Limited"));
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromHours(1))).Status!.Phase);
        await push.Delete();
        Assert.Equal("Ready", (await push.Put(Config())).Status!.Phase);
        Assert.Contains("app-credentials: SecretRestored", push.Cluster.Events);
        Assert.Equal(3, push.Cluster.Calls("GetRandomPassword"));
    }

    // The JSON block of docs/reference/iam.md, verbatim.
    private static async Task<string> Corrected()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "reference", "iam.md"), TestContext.Current.CancellationToken);
        return page[page.IndexOf("{\n  \"Version\": \"2012-10-17\"", StringComparison.Ordinal)..].Split("\n```")[0];
    }
}
