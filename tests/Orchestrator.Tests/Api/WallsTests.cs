using System.Reflection;
using System.Text;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Commands;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Api;

/// <summary>Forbidden dependencies, checked in the built assemblies.</summary>
public sealed class WallsTests
{
    private const string Root = "DeploymentOrchestrator";

    private static readonly Assembly Library = typeof(Component).Assembly;

    [Fact]
    public void Decisions_depend_on_neither_AWS_nor_Kubernetes_nor_the_network()
    {
        var pure = Library.GetTypes().Where(t => IsIn(t, $"{Root}.Api", $"{Root}.Graph", $"{Root}.Messages", $"{Root}.References", $"{Root}.Validation")
            || TypeUses.Outer(t).Name.EndsWith("Decision", StringComparison.Ordinal) || TypeUses.Outer(t).Name.EndsWith("Rules", StringComparison.Ordinal))
                .ToList();
        Assert.True(pure.Count > 30, "too few types were found: the walls stand around nothing");
        Assert.Empty(Breaches(pure, "Amazon", "k8s", "System.Net"));
    }

    [Fact]
    public void Only_the_client_calls_the_aws_sdk() =>
        Assert.Empty(Breaches(Library.GetTypes().Where(t => !IsIn(t, $"{Root}.SecretsManager")), "Amazon"));

    [Fact]
    public void Only_the_cluster_store_calls_the_kubernetes_client()
    {
        Assert.NotEmpty(Breaches(Library.GetTypes().Where(t => IsIn(t, $"{Root}.Kubernetes")), "k8s"));
        Assert.Empty(Breaches(Library.GetTypes().Where(t => !IsIn(t, $"{Root}.Kubernetes")), "k8s", $"{Root}.Kubernetes"));
        Assert.DoesNotContain(typeof(DorchCommand).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("KubernetesClient", StringComparison.Ordinal));
    }

    [Fact]
    public void The_emulator_and_the_library_do_not_know_each_other()
    {
        var emulator = typeof(SecretsManagerServer).Assembly;
        Assert.DoesNotContain(emulator.GetReferencedAssemblies(), a => a.Name == Library.GetName().Name
            || a.Name!.StartsWith("AWSSDK", StringComparison.Ordinal));
        Assert.DoesNotContain(Library.GetReferencedAssemblies(), a => a.Name == emulator.GetName().Name);
    }

    // A call is named by a string, X-Amz-Target. The emulator's log shows only the calls that a test makes.
    [Theory]
    [InlineData("GetSecretValue")]
    [InlineData("BatchGetSecretValue")]
    public void Nothing_in_the_program_can_read_a_secret(string operation)
    {
        foreach (var assembly in new[] { Library, typeof(DorchCommand).Assembly })
        {
            var bytes = File.ReadAllBytes(assembly.Location);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(operation)));
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(operation)));
        }

        var library = File.ReadAllBytes(Library.Location);
        Assert.NotEqual(-1, library.AsSpan().IndexOf(Encoding.Unicode.GetBytes("DescribeSecret")));
        Assert.NotEqual(-1, library.AsSpan().IndexOf(Encoding.UTF8.GetBytes("DescribeSecret")));
        Assert.DoesNotContain(Library.GetReferencedAssemblies(), a => a.Name == "AWSSDK.SecretsManager");
    }

    // A use that the check does not see is a use that it does not prevent.
    [Fact]
    public void The_walls_check_calls_fields_signatures_and_lambdas()
    {
        Assert.NotEmpty(Breaches([typeof(Calls)], "System.Net"));
        Assert.NotEmpty(Breaches([typeof(Holds)], "System.Net"));
        Assert.NotEmpty(Breaches([typeof(Takes)], "System.Net"));
        Assert.NotEmpty(Breaches(typeof(Lambda).GetNestedTypes(BindingFlags.NonPublic), "System.Net"));
        Assert.Empty(Breaches([typeof(WallsTests)], "System.Net"));
    }

    private static List<string> Breaches(IEnumerable<Type> types, params string[] forbidden) =>
    [
        .. from type in types
           from used in TypeUses.Of(type)
           where IsIn(used, forbidden)
           select $"{type.FullName} uses {used.FullName}",
    ];

    private static bool IsIn(Type type, params string[] namespaces) =>
        Array.Exists(namespaces, n => type.Namespace == n || type.Namespace?.StartsWith($"{n}.", StringComparison.Ordinal) == true);

    private sealed class Calls
    {
        public static string Method() => System.Net.WebUtility.HtmlEncode("x");
    }

    private sealed class Holds
    {
        public List<System.Net.IPAddress[]> Field { get; } = [];
    }

    private sealed class Takes
    {
        public static int Method(System.Net.IPAddress? address) => address is null ? 0 : 1;
    }

    private sealed class Lambda
    {
        public static Func<string> Method() => () => System.Net.WebUtility.HtmlEncode("x");
    }
}
