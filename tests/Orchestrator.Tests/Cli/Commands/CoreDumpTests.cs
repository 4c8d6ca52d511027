using System.Diagnostics;
using System.Runtime.InteropServices;
using DeploymentOrchestrator.Cli.Operating;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary>The kernel reports whether it would dump a core of the operator.</summary>
public sealed class CoreDumpTests : IDisposable
{
    private const int GetDumpable = 3;

    private readonly Example example = new();

    public void Dispose() => example.Dispose();

    [Fact]
    public void The_kernel_dumps_no_core_of_a_process_that_forbids_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "prctl is Linux's");

        Assert.Equal(0, CoreDumps.Forbid());

        Assert.Equal(0, Prctl(GetDumpable, 0, 0, 0, 0));
        // The process can still read its own files in /proc.
        Assert.NotEmpty(File.ReadAllText("/proc/self/status"));
    }

    [Fact]
    public async Task The_operator_forbids_it_before_it_starts()
    {
        // As root, every process's files are root's: another user is needed to see the difference.
        string[] asUser = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=1654", "--regid=1654", "--clear-groups"] : [];
        Assert.SkipUnless(OperatingSystem.IsLinux() && (asUser.Length == 0 || File.Exists("/usr/bin/setpriv")), "needs Linux, and setpriv as root");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(example.Folder, (UnixFileMode)0b111_111_111);
        var kubeconfig = example.Write("config", """
            {"apiVersion":"v1","kind":"Config","current-context":"a","contexts":[{"name":"a","context":{"cluster":"a","user":"a"}}],
             "clusters":[{"name":"a","cluster":{"server":"http://127.0.0.1:9"}}],"users":[{"name":"a","user":{"token":"t"}}]}
            """);
        var start = DorchProcess.Start(example.Folder, new("http://127.0.0.1:9"), ["operator", "--kubeconfig", kubeconfig, "--listen", "127.0.0.1:0"]);
        string[] command = [.. asUser, start.FileName, .. start.ArgumentList];
        start.FileName = command[0];
        start.ArgumentList.Clear();
        foreach (var argument in command.Skip(1))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            var line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.SkipUnless(line?.StartsWith('{') == true, $"another user cannot run dorch from here: {line}");

            using var stat = Process.Start(new ProcessStartInfo("stat", ["--format=%u", $"/proc/{process.Id}/environ"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            })!;

            Assert.Equal("0", (await stat.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
            Assert.DoesNotContain("core dumps", line, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);
}
