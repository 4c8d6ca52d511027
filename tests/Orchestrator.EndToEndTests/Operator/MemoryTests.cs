using System.Globalization;
using System.Text;
using DeploymentOrchestrator.EndToEndTests.Cluster;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>
/// All memory of an operator that pushed secrets over TLS, read as root: the content of a core dump. docs/explanation/security.md says what it may
/// contain.
/// </summary>
public sealed class MemoryTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    private const int Count = 12;

    [Fact]
    public async Task After_pushes_memory_holds_no_document_and_at_most_one_value_for_each_TLS_connection()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root reads the memory of a process that forbids it");
        await using var front = new TlsFront(SecretsManager.Endpoint);
        var environment = new Dictionary<string, string>(SecretsManager.Environment, StringComparer.Ordinal)
        {
            ["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = front.Endpoint.ToString(),
            ["AWS_ENDPOINT_URL_STS"] = front.Endpoint.ToString(),
            ["SSL_CERT_FILE"] = front.CertificateFile,
        };
        var process = await Start(Kubeconfig, environment, "--namespace", Namespace);
        await Create(SecretPushes.Many(Namespace, Count));
        await AllReady(Count);
        await Quiet.Comes(process);

        var (documents, values) = (new List<string>(), new List<string>());
        foreach (var name in SecretPushes.SecretNames(Namespace, Count))
        {
            var secret = (string)(await SecretsManager.Call("GetSecretValue", new() { ["SecretId"] = name }))!["SecretString"]!;
            documents.Add(secret);
            values.Add((string)(await SecretsManager.Value(name))["password"]!);
        }

        var memory = ReadMemory(process.Id).ToList();
        // Proof that the right memory was read: configuration is in it.
        Assert.NotEqual(0, Occurrences(memory, $"{Namespace}/secret-3"));
        Assert.Equal(0, documents.Sum(d => Occurrences(memory, d) + Occurrences(memory, InRequest(d))));
        var found = values.Sum(v => Occurrences(memory, v) + Occurrences(memory, InRequest(v)));
        Assert.InRange(found, 0, front.Connections);
        TestContext.Current.SendDiagnosticMessage($"values in memory: {found} of {values.Count}, TLS connections: {front.Connections}");
    }

    private static string InRequest(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static int Occurrences(IReadOnlyList<byte[]> memory, string text)
    {
        var (count, wanted) = (0, Encoding.UTF8.GetBytes(text));
        foreach (var part in memory)
        {
            for (var rest = part.AsSpan(); rest.IndexOf(wanted) is >= 0 and var at; rest = rest[(at + wanted.Length)..])
                count++;
        }

        return count;
    }

    // Every part that is writable for the process.
    private static IEnumerable<byte[]> ReadMemory(int id)
    {
        using var memory = File.OpenRead($"/proc/{id}/mem");
        foreach (var line in File.ReadAllLines($"/proc/{id}/maps"))
        {
            if (line.Split(' ') is not [var range, ['r', 'w', ..], ..])
                continue;
            var ends = range.Split('-').Select(e => long.Parse(e, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
            var part = new byte[ends[1] - ends[0]];
            memory.Position = ends[0];
            var read = 0;
            try
            {
                while (read < part.Length && memory.Read(part, read, part.Length - read) is > 0 and var more)
                    read += more;
            }
            catch (IOException)
            {
                // A page that is not mapped, such as the guard page of a stack.
            }

            yield return part[..read];
        }
    }
}
