using System.Runtime.InteropServices;

namespace DeploymentOrchestrator.Cli.Operating;

/// <summary>
/// Protects this process's memory, which holds generated values during a write: after <see cref="Forbid"/>, the kernel dumps no core of it, and lets no
/// process of the same user read or trace it. A process with CAP_SYS_PTRACE still can.
/// </summary>
/// <remarks>Source: prctl(2), PR_SET_DUMPABLE. The process can still read its own files under /proc.</remarks>
internal static partial class CoreDumps
{
    private const int SetDumpable = 4;

    /// <summary>Forbids core dumps on Linux; does nothing elsewhere.</summary>
    /// <returns>The error number if the kernel refuses; otherwise 0.</returns>
    public static int Forbid() => !OperatingSystem.IsLinux() || Prctl(SetDumpable, 0, 0, 0, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);
}
