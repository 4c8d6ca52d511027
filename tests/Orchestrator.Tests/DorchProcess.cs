using System.Diagnostics;
using DeploymentOrchestrator.Tests.Repository;

namespace DeploymentOrchestrator.Tests;

/// <summary><c>dorch</c> as a process with its own environment: that of the tests may name a region, a profile or credentials.</summary>
internal static class DorchProcess
{
    /// <summary>The start info, with redirected output.</summary>
    /// <param name="home">Its home and temporary folder.</param>
    /// <param name="endpoint">The endpoint that it uses in place of AWS.</param>
    /// <param name="arguments">The command line.</param>
    public static ProcessStartInfo Start(string home, Uri endpoint, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [SourceTree.Dorch, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["HOME"] = start.Environment["TMPDIR"] = home;
        start.Environment["AWS_ENDPOINT_URL"] = endpoint.AbsoluteUri;
        return start;
    }
}
