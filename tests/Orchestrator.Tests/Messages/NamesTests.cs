using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Tests.Messages;

public sealed class NamesTests
{
    [Theory]
    [InlineData("endpont", "endpoint")]
    [InlineData("ENDPOINT", "endpoint")]
    [InlineData("hots", "host")]
    [InlineData("prot", "port")]
    [InlineData("passwordlenth", "passwordLength")]
    [InlineData("xyz", null)]
    // In a short name one letter is a big difference.
    [InlineData("db", null)]
    [InlineData("hst", "host")]
    [InlineData("xu", "ux")]
    [InlineData("", null)]
    public void The_suggested_name_is_the_nearest_plausible_one(string name, string? expected) =>
        Assert.Equal(expected, NearestName.Of(name, ["port", "host", "endpoint", "passwordLength", "ux"]));

    [Fact]
    public void Of_equally_near_names_the_alphabetically_first_is_suggested() => Assert.Equal("abcd1", NearestName.Of("abcd", ["abcd2", "abcd1"]));

    [Fact]
    public void Without_candidates_there_is_no_suggestion() => Assert.Equal("", NearestName.Hint("x", []));

    [Theory]
    [InlineData("a", true)]
    [InlineData("_", true)]
    [InlineData("App_credentials2", true)]
    [InlineData("abcdefghijklmnopqrstuvwxyz_1234", true)]
    [InlineData("abcdefghijklmnopqrstuvwxyz_12345", false)]
    [InlineData("", false)]
    [InlineData("2a", false)]
    [InlineData("a-b", false)]
    [InlineData("a.b", false)]
    [InlineData("a\n", false)]
    [InlineData("\u00e9", false)]
    public void A_component_name_can_be_used_in_a_reference(string name, bool isValid) => Assert.Equal(isValid, ComponentName.IsValid(name));

    [Theory]
    [InlineData("a", true, true)]
    [InlineData("a-1", true, true)]
    [InlineData("a.b", false, true)]
    [InlineData("-a", false, false)]
    [InlineData("a-", false, false)]
    [InlineData("a..b", false, false)]
    [InlineData("A", false, false)]
    [InlineData("a_b", false, false)]
    [InlineData("a\n", false, false)]
    [InlineData("", false, false)]
    public void Kubernetes_names_are_validated(string name, bool isLabel, bool isSubdomain)
    {
        Assert.Equal(isLabel, DnsName.IsLabel(name));
        Assert.Equal(isSubdomain, DnsName.IsSubdomain(name));
    }

    [Theory]
    [InlineData(63, true, true)]
    [InlineData(64, false, true)]
    [InlineData(253, false, true)]
    [InlineData(254, false, false)]
    public void A_Kubernetes_name_has_a_maximum_length(int length, bool isLabel, bool isSubdomain)
    {
        Assert.Equal(isLabel, DnsName.IsLabel(new('a', length)));
        Assert.Equal(isSubdomain, DnsName.IsSubdomain(new('a', length)));
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("a", "", "a")]
    [InlineData("", "b", "b")]
    [InlineData("a", "b", "a.b")]
    [InlineData("a", "[0]", "a[0]")]
    [InlineData("a[0]", "b.c", "a[0].b.c")]
    public void A_path_is_joined_from_its_parts(string left, string right, string joined) => Assert.Equal(joined, Problem.Join(left, right));
}
