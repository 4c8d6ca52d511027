using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;

namespace DeploymentOrchestrator.Tests.Graph;

public sealed class WantedComponentsTests
{
    // Otherwise the secret that the entry names would look abandoned and be deleted.
    [Fact]
    public void A_key_has_the_type_that_its_handler_takes()
    {
        var composition = new Composition
        {
            Metadata = new() { Name = "app", Namespace = "default", Uid = "u" },
            Spec = new()
            {
                Components =
                [
                    new() { Name = "base", Type = "make" },
                    new() { Name = "creds", Type = HandlerNames.SecretPush, Config = new() { ["secretName"] = "{{ .base.providerStatus.tenant }}" } },
                ],
            },
        };
        var made = new Component
        {
            Metadata = new() { Name = "app-base", Namespace = "default" },
            Spec = new() { Handler = "make" },
            Status = new() { ProviderStatus = new() { ["tenant"] = 4711 } },
        };

        var wanted =
            Assert.Single(new WantedComponents(() => [composition], () => [made]).Of(HandlerNames.SecretPush, SecretPushSchema.Instance, ["secretName"]));

        Assert.Equal("\"4711\"", wanted.Component.Spec.Config!["secretName"]!.ToJsonString());
    }
}
