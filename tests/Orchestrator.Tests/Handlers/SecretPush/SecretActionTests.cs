using System.Reflection;
using DeploymentOrchestrator.Handlers.SecretPush;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>The actions are a closed set.</summary>
public sealed class SecretActionTests
{
    [Fact]
    public void The_actions_are_a_closed_set()
    {
        Assert.All(typeof(SecretAction).GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(c => c.GetParameters().All(p => p.ParameterType != typeof(SecretAction))), c => Assert.True(c.IsPrivate));
        Assert.All(Actions(), type => Assert.True(type is { IsSealed: true } && type.DeclaringType == typeof(SecretAction), type.Name));
        Assert.NotEmpty(Actions());
    }

    private static IEnumerable<Type> Actions() => typeof(SecretAction).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(SecretAction)));
}
