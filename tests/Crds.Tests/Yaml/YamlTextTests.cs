using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Crds.Tests.Yaml;

public sealed class YamlTextTests
{
    [Theory]
    [InlineData("yes")]
    [InlineData("y")]
    [InlineData("On")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("")]
    [InlineData("1e-6")]
    [InlineData("0x1F")]
    [InlineData("017")]
    [InlineData("1_000")]
    [InlineData("1:30")]
    [InlineData("12:30:45")]
    [InlineData("2026-01-02")]
    [InlineData("=")]
    [InlineData("<<")]
    [InlineData(".inf")]
    [InlineData("- x")]
    [InlineData("# x")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData("*a")]
    [InlineData("&a")]
    [InlineData("!x")]
    [InlineData("@x")]
    [InlineData("x:")]
    [InlineData(" x")]
    [InlineData("64Gi")]
    public void What_some_reader_would_take_for_something_else_is_quoted(string text) =>
        Assert.Equal($"v: \"{text}\"\n", YamlText.Of(new JsonObject { ["v"] = text }));

    [Theory]
    [InlineData("/data/train.parquet")]
    [InlineData("trainer.critic_warmup=0")]
    [InlineData("ClusterFirstWithHostNet")]
    [InlineData("quay.io/ascend/verl:v0.7.1")]
    public void Plain_words_stay_plain(string text) => Assert.Equal($"v: {text}\n", YamlText.Of(new JsonObject { ["v"] = text }));

    [Fact]
    public void Json_in_a_string_stays_legible() => Assert.Equal("v: '{\"it''s\":1}'\n", YamlText.Of(new JsonObject { ["v"] = """{"it's":1}""" }));

    [Theory]
    [InlineData("a\nb\n", "v: |\n  a\n  b\n")]
    [InlineData("a\nb", "v: |-\n  a\n  b\n")]
    [InlineData("a\n\n  b: c # d\n", "v: |\n  a\n\n    b: c # d\n")]
    [InlineData("a\n ", "v: \"a\\n \"\n")]
    [InlineData("a\tb\nc", "v: \"a\tb\\nc\"\n")]
    public void Lines_are_a_literal_block_where_that_keeps_them(string text, string yaml) => Assert.Equal(yaml, YamlText.Of(new JsonObject { ["v"] = text }));

    [Fact]
    public void Keys_and_numbers_are_read_back_as_they_were() =>
        Assert.Equal("\"on\": true\n\"1\":\n- 1.50\n- null\nempty: {}\nnone: []\n", YamlText.Of(JsonNode.Parse("""{"on":true,"1":[1.50,null],"empty":{},"none":[]}""")));

    [Fact]
    public void Any_json_is_read_back_as_it_was() => Json.Sample(iter: 3_000, assert: json =>
    {
        var node = JsonSerializer.SerializeToNode(new Dictionary<string, object?>(StringComparer.Ordinal) { ["v"] = json });
        var back = KubectlYaml.ReadSingle(YamlText.Of(node)).Root;
        Assert.True(JsonNode.DeepEquals(node, JsonNode.Parse(back.GetRawText())), YamlText.Of(node));
    });

    private static readonly string[] Awkward = ["yes", "null", "a\nb\n", "a\n\nb", "\na", "a\n\n", " a\nb", "---\na", "...\n", "1e5", "0o7", "...", "---"];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char["ab \n\t\r\"\\'é#:{}[]-?&*!|>%@`,~=<0123456789.eExo_+\u0085\u2028\u0001\ufeff"], 0, 12],
        Gen.Int[0, Awkward.Length - 1].Select(at => Awkward[at]));

    private static Gen<object?> Json { get; } = Gen.Recursive<object?>((depth, inner) => depth > 3
        ? Gen.Int.Select(i => (object?)i)
        : Gen.OneOf<object?>(
            Gen.Int.Select(i => (object?)i),
            Gen.Bool.Select(b => (object?)b),
            Text.Select(s => (object?)s),
            Gen.Const((object?)null),
            inner.List[0, 4].Select(l => (object?)l),
            Gen.Dictionary(Text, inner)[0, 4].Select(d => (object?)d)));
}
