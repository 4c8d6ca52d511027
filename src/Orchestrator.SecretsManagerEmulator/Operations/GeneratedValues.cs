using System.Collections.Immutable;
using System.Text;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>The passwords generated so far, for leak scans; keeps nothing by default.</summary>
internal sealed class GeneratedValues(bool remember)
{
    private ImmutableList<byte[]> values = [];

    public IReadOnlyList<byte[]> Snapshot() => Volatile.Read(ref values);

    public void Add(string password)
    {
        if (remember)
            ImmutableInterlocked.Update(ref values, static (all, value) => all.Add(value), Encoding.UTF8.GetBytes(password));
    }
}
