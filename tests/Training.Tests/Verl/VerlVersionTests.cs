using GrpoOperator.Training.Verl;

namespace GrpoOperator.Training.Tests.Verl;

public sealed class VerlVersionTests
{
    [Fact]
    public void Versions_are_ordered_as_Python_orders_them()
    {
        string[] ascending =
        [
            "0.6.0", "0.6.1", "0.7.0.dev1", "0.7.0a1", "0.7.0b1", "0.7.0rc1", "0.7.0rc2", "0.7.0", "0.7.0.post1", "0.7.1", "0.9.0",
            "0.10.0.dev0", "0.10.0", "1.0.0",
        ];
        var versions = ascending.Select(text => VerlVersion.Parse(text)!).ToList();
        Assert.Equal(versions, versions.AsEnumerable().Reverse().Order());
        for (var at = 1; at < versions.Count; at++)
            Assert.True(versions[at - 1] < versions[at] && versions[at] > versions[at - 1], ascending[at]);
    }

    [Theory]
    [InlineData("0.7.1", "0.7.1")]
    [InlineData("v0.7.1", "0.7.1")]
    [InlineData("0.7", "0.7.0")]
    [InlineData("0.10.0.dev", "0.10.0.dev0")]
    [InlineData("0.8.0-rc3", "0.8.0rc3")]
    [InlineData("0.8.0.post2", "0.8.0.post2")]
    [InlineData("0.7.1+npu.8", "0.7.1")]
    public void Reads_the_forms_that_are_in_use(string text, string version) => Assert.Equal(version, VerlVersion.Parse(text)!.ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("0")]
    [InlineData("0.7.1.2.3")]
    [InlineData("0.7.1x")]
    [InlineData(" 0.7.1")]
    [InlineData("0.7.1\n")]
    [InlineData("999999.0.0")]
    public void Refuses_everything_else(string? text) => Assert.Null(VerlVersion.Parse(text));

    [Fact]
    public void A_candidate_is_not_yet_the_release()
    {
        Assert.False(VerlVersion.Parse("0.7.1rc1")!.IsAtLeast(0, 7, 1));
        Assert.True(VerlVersion.Parse("0.7.1")!.IsAtLeast(0, 7, 1));
        Assert.True(VerlVersion.Parse("0.8.0")!.IsAtLeast(0, 7, 1));
    }
}
