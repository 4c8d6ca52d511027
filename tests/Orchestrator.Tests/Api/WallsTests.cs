using System.Reflection;
using System.Reflection.Emit;
using System.Text;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Commands;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Api;

/// <summary>
/// The walls of the design, read from the built assemblies: what a type inherits, holds, takes, returns and calls, its nested and compiler-made types
/// included.
/// </summary>
public sealed class WallsTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private const string Root = "DeploymentOrchestrator";

    private static readonly Assembly Library = typeof(Component).Assembly;
    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    [Fact]
    public void What_decides_knows_neither_aws_nor_kubernetes_nor_the_network()
    {
        var pure = Library.GetTypes().Where(t => IsIn(t, $"{Root}.Api", $"{Root}.Graph", $"{Root}.Messages", $"{Root}.References", $"{Root}.Validation")
            || Outer(t).Name.EndsWith("Decision", StringComparison.Ordinal) || Outer(t).Name.EndsWith("Rules", StringComparison.Ordinal)).ToList();
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
        Assert.DoesNotContain(emulator.GetReferencedAssemblies(), a => a.Name == Library.GetName().Name || a.Name!.StartsWith("AWSSDK", StringComparison.Ordinal));
        Assert.DoesNotContain(Library.GetReferencedAssemblies(), a => a.Name == emulator.GetName().Name);
    }

    // A call is named by a string, X-Amz-Target, which the emulator's log shows only for what a test does.
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

    // What the walls would not see, they would not keep out.
    [Fact]
    public void The_walls_see_calls_fields_signatures_and_lambdas()
    {
        Assert.NotEmpty(Breaches([typeof(Calls)], "System.Net"));
        Assert.NotEmpty(Breaches([typeof(Holds)], "System.Net"));
        Assert.NotEmpty(Breaches([typeof(Takes)], "System.Net"));
        Assert.NotEmpty(Breaches(typeof(Lambda).GetNestedTypes(All), "System.Net"));
        Assert.Empty(Breaches([typeof(WallsTests)], "System.Net"));
    }

    private static List<string> Breaches(IEnumerable<Type> types, params string[] forbidden) =>
    [
        .. from type in types
           from used in Used(type).SelectMany(Parts).Distinct()
           where IsIn(used, forbidden)
           select $"{type.FullName} uses {used.FullName}",
    ];

    private static bool IsIn(Type type, params string[] namespaces) =>
        Array.Exists(namespaces, n => type.Namespace == n || type.Namespace?.StartsWith($"{n}.", StringComparison.Ordinal) == true);

    private static Type Outer(Type type) => type.DeclaringType is { } outer ? Outer(outer) : type;

    private static IEnumerable<Type> Parts(Type type) => type.HasElementType
        ? Parts(type.GetElementType()!)
        : type.IsGenericParameter ? [] : [type, .. type.GetGenericArguments().SelectMany(Parts)];

    private static IEnumerable<Type> Used(Type type) =>
    [
        .. type.BaseType is { } parent ? [parent] : Type.EmptyTypes,
        .. type.GetInterfaces(),
        .. type.GetFields(All).Select(f => f.FieldType),
        .. type.GetMethods(All).SelectMany(m => Used(m, m.ReturnType)),
        .. type.GetConstructors(All).SelectMany(c => Used(c, typeof(void))),
    ];

    private static IEnumerable<Type> Used(MethodBase method, Type returned) =>
    [
        returned,
        .. method.GetParameters().Select(p => p.ParameterType),
        .. method.GetMethodBody() is { } body ? [.. body.LocalVariables.Select(l => l.LocalType), .. Used(method, body.GetILAsByteArray()!)] : Type.EmptyTypes,
    ];

    // The types of everything that the code names: ECMA-335, partition III.
    private static IEnumerable<Type> Used(MethodBase method, byte[] code)
    {
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var op = OpCodes[code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at]];
            at += op.Size;
            if (op.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                var member = method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments)!;
                foreach (var type in new[] { member as Type, member.DeclaringType, (member as MethodInfo)?.ReturnType, (member as FieldInfo)?.FieldType }.OfType<Type>())
                    yield return type;
            }

            at += op.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

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
