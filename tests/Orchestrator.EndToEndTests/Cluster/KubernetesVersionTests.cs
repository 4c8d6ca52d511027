using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>What depends on the version of the server under test.</summary>
public sealed class KubernetesVersionTests
{
    [Theory]
    [InlineData("1", "20", "1.20", true)]
    [InlineData("1", "23", "1.23", true)]
    [InlineData("1", "24", "1.24", false)]
    [InlineData("1", "32", "1.32", false)]
    [InlineData("1", "32+", "1.32", false)]
    [InlineData("2", "0", "2.0", false)]
    public void The_flag_port_is_passed_only_to_controller_managers_before_1_24(string major, string minor, string name, bool hasPort)
    {
        var version = KubernetesVersion.Read(new JsonObject { ["major"] = major, ["minor"] = minor, ["gitVersion"] = "v0.0.0" });

        Assert.Equal(name, version.ToString());
        Assert.Equal(hasPort ? ["--port=0"] : [], version.ControllerManagerFlags());
    }

    [Theory]
    [InlineData(1, 20, true)]
    [InlineData(1, 21, false)]
    [InlineData(1, 22, false)]
    [InlineData(2, 0, false)]
    [InlineData(0, 99, true)]
    public void Versions_compare_by_number(int major, int minor, bool isBefore) => Assert.Equal(isBefore, new KubernetesVersion(major, minor).IsBefore(1, 21));
}
