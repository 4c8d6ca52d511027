using System.Reflection;

namespace DeploymentOrchestrator.Runtime;

/// <summary>The version of this build, from the nearest git tag.</summary>
internal static class ProductVersion
{
    /// <summary>Such as <c>1.2.0</c>, without the commit that the assembly's informational version adds.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
