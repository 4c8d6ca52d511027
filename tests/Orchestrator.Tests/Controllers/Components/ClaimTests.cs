using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

public sealed class ClaimTests
{
    private static readonly HandlerRegistry Handlers = new([new ScriptedHandler("make"), new ScriptedHandler("other")]);

    [Theory]
    [InlineData("make", "", false, "make", false, false)]
    [InlineData("rds", "", false, null, false, false)]
    [InlineData("make", "", true, null, false, false)]
    [InlineData("make", "make", false, "make", true, false)]
    [InlineData("make", "make", true, "make", true, false)]
    [InlineData("other", "make", false, "make", true, true)]
    [InlineData("make", "rds", false, null, true, true)]
    [InlineData("rds", "make", true, "make", true, true)]
    public void The_finalizer_decides_the_handler_before_the_spec_does(string wanted, string claimed, bool going, string? handler, bool isMade, bool isChanged)
    {
        var claim = Claim.Of(
            new()
            {
                Metadata = new()
                {
                    Name = "a",
                    DeletionTimestamp = going ? DateTimeOffset.UnixEpoch : null,
                    Finalizers = ["somebody/else", .. claimed.Length == 0 ? [] : new[] { ApiGroup.LifecycleFinalizer(claimed) }],
                },
                Spec = new() { Handler = wanted },
            },
            Handlers);
        Assert.Equal((handler, isMade, isChanged), (claim.Handler?.Name, claim.IsMade, claim.HandlerChanged));
    }

    [Fact]
    public void A_handler_registers_once_under_a_dns_label()
    {
        Assert.Contains("two handlers are named \"make\"",
            Assert.Throws<ArgumentException>(() => new HandlerRegistry([new ScriptedHandler("make"), new ScriptedHandler("make")])).Message,
            StringComparison.Ordinal);
        Assert.Contains("\"Make It\" is not a DNS label", Assert.Throws<ArgumentException>(() => new HandlerRegistry([new ScriptedHandler("Make It")])).Message,
            StringComparison.Ordinal);
        Assert.Equal(["make", "other"], Handlers.Names);
    }
}
