using CsCheck;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Tests.Verl.Hydra;

public sealed class HydraWriterTests
{
    /// <summary>Strings of the characters that mean something to Hydra or OmegaConf, and of any others.</summary>
    private static readonly Gen<string> Hostile =
        Gen.OneOf(Gen.String["\\'\"${}[](),=:#~!&;<>`^%*?@+-./ \t\n01eEaf_é日"], Gen.String, Gen.Const("${"), Gen.Const("\\'"))
            .Array[0, 6].Select(string.Concat).Where(HydraWriter.IsWritable);

    [Fact]
    public void Every_string_is_read_back_as_it_was() =>
        Hostile.Sample(text => Assert.Equal(new HydraValue.Text(text), Read(HydraWriter.Text(text))), iter: 20_000);

    [Fact]
    public void Every_list_of_strings_is_read_back_as_it_was() =>
        Hostile.Array[0, 4].Sample(
            texts => Assert.Equal(new HydraValue.Sequence([.. texts.Select(text => new HydraValue.Text(text))]), Read(HydraWriter.List(texts))),
            iter: 5_000);

    [Fact]
    public void Every_written_string_is_the_whole_value_of_its_assignment() =>
        Hostile.Sample(
            text =>
            {
                var assignment = Assignment.Read($"a.b={HydraWriter.Text(text)}");
                Assert.Equal("a.b", assignment.Result!.Key);
                Assert.Equal(new HydraValue.Text(text), assignment.Result.Value);
            },
            iter: 5_000);

    [Theory]
    [InlineData("/data/x.parquet", "/data/x.parquet")]
    [InlineData("uniform", "uniform")]
    [InlineData("low_var_kl", "low_var_kl")]
    [InlineData("", "''")]
    [InlineData("True", "'True'")]
    [InlineData("null", "'null'")]
    [InlineData("Inf", "'Inf'")]
    [InlineData("1e-6", "'1e-6'")]
    [InlineData("7B", "'7B'")]
    [InlineData(".5", "'.5'")]
    [InlineData("a b", "'a b'")]
    [InlineData("a,b", "'a,b'")]
    [InlineData("it's", @"'it\'s'")]
    [InlineData(@"a\", @"'a\\'")]
    [InlineData(@"a\'b", @"'a\\\'b'")]
    [InlineData(@"a\b c", @"'a\b c'")]
    [InlineData("${x}", @"'\${x}'")]
    [InlineData(@"\${x}", @"'\\\${x}'")]
    public void Quotes_only_what_needs_it(string text, string written) => Assert.Equal(written, HydraWriter.Text(text));

    [Theory]
    [InlineData("???")]
    [InlineData("a\0b")]
    public void Knows_what_cannot_be_written(string text) => Assert.False(HydraWriter.IsWritable(text));

    private static HydraValue? Read(string text) => HydraReader.Read(text).Result;
}
