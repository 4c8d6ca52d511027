using System.Reflection;
using System.Reflection.Emit;

namespace DeploymentOrchestrator.Tests.Api;

/// <summary>The types that a type inherits, holds, takes, returns and calls, read from a built assembly.</summary>
internal static class TypeUses
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    /// <summary>The types that one type uses. Its nested and compiler-generated types count separately.</summary>
    public static IEnumerable<Type> Of(Type type) => Used(type).SelectMany(Parts).Distinct();

    /// <summary>The outermost type that declares a nested or compiler-generated one.</summary>
    public static Type Outer(Type type) => type.DeclaringType is { } outer ? Outer(outer) : type;

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

    // The types of all metadata tokens in the code: ECMA-335, partition III.
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
                foreach (var type in Named(member))
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

    private static IEnumerable<Type> Named(MemberInfo member) =>
    [
        .. new[] { member as Type, member.DeclaringType, (member as MethodInfo)?.ReturnType, (member as FieldInfo)?.FieldType }.OfType<Type>(),
        .. member is MethodInfo { IsGenericMethod: true } method ? method.GetGenericArguments() : [],
    ];
}
