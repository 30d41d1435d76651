using CsCheck;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Tests.Ascend;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("64", "64")]
    [InlineData("1.5", "1.5")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("-1", "-1")]
    [InlineData("+1", "1")]
    [InlineData("500m", "0.5")]
    [InlineData("1k", "1000")]
    [InlineData("1Ki", "1024")]
    [InlineData("64Gi", "68719476736")]
    [InlineData("1e3", "1000")]
    [InlineData("1E3", "1000")]
    [InlineData("1E", "1000000000000000000")]
    [InlineData("2Ei", "2305843009213693952")]
    [InlineData("3u", "0.000003")]
    public void Reads_what_the_API_server_reads(string text, string number) => Assert.Equal(decimal.Parse(number), Quantity.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1GB")]
    [InlineData("1 Gi")]
    [InlineData(" 1")]
    [InlineData("1,000")]
    [InlineData("1K")]
    [InlineData("1e3Gi")]
    [InlineData("Gi")]
    [InlineData("79228162514264337593543950335Ei")]
    public void Refuses_what_it_refuses(string? text) => Assert.Null(Quantity.Parse(text));

    [Fact]
    public void Whole_numbers_are_themselves() =>
        Gen.Int.Sample(number => Assert.Equal(number, Quantity.Parse($"{number}")));
}
