using System.Text;
using System.Text.Json;
using CsCheck;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Crds.Tests.Yaml;

public sealed class KubectlYamlTests
{
    // What kubectl 1.35 made of each scalar (create --dry-run=client -o json).
    [Theory]
    [InlineData("yes", "true")]
    [InlineData("y", "true")]
    [InlineData("YES", "true")]
    [InlineData("yEs", "\"yEs\"")]
    [InlineData("on", "true")]
    [InlineData("Off", "false")]
    [InlineData("n", "false")]
    [InlineData("FALSE", "false")]
    [InlineData("~", "null")]
    [InlineData("NULL", "null")]
    [InlineData("''", "\"\"")]
    [InlineData("\"1\"", "\"1\"")]
    [InlineData("1e-6", "1e-6")]
    [InlineData("+1e-6", "1E-06")]
    [InlineData("1E6", "1000000")]
    [InlineData(".5", "0.5")]
    [InlineData("-.5", "-0.5")]
    [InlineData("1.", "1")]
    [InlineData("1.0", "1")]
    [InlineData("1.10", "1.10")]
    [InlineData("09.5", "9.5")]
    [InlineData("08", "8")]
    [InlineData("0777", "511")]
    [InlineData("0o777", "511")]
    [InlineData("0O17", "15")]
    [InlineData("-017", "-15")]
    [InlineData("0o8", "\"0o8\"")]
    [InlineData("0x1F", "31")]
    [InlineData("0x", "\"0x\"")]
    [InlineData("0b101", "5")]
    [InlineData("-0b11", "-3")]
    [InlineData("0b2", "\"0b2\"")]
    [InlineData("0b1e2", "\"0b1e2\"")]
    [InlineData("1_000", "1000")]
    [InlineData("1_0.5", "10.5")]
    [InlineData("_1", "\"_1\"")]
    [InlineData("+1", "1")]
    [InlineData("-0", "0")]
    [InlineData("--1", "\"--1\"")]
    [InlineData("+-1", "\"+-1\"")]
    [InlineData("1e", "\"1e\"")]
    [InlineData("1e400", "\"1e400\"")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("7B", "\"7B\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("1:30", "\"1:30\"")]
    [InlineData("2026-01-02", "\"2026-01-02\"")]
    [InlineData("2026-01-02T03:04:05Z", "\"2026-01-02T03:04:05Z\"")]
    [InlineData(".", "\".\"")]
    [InlineData("+", "\"+\"")]
    [InlineData("!!str 12", "\"12\"")]
    [InlineData("!!float 3", "3")]
    [InlineData("!!int '7'", "7")]
    [InlineData("!!bool yes", "true")]
    [InlineData("! 12", "\"12\"")]
    [InlineData("!foo 12", "\"12\"")]
    [InlineData("\"a\\tb\"", "\"a\\tb\"")]
    [InlineData("é\"\\", "\"é\\\"\\\\\"")]
    [InlineData("|\n  x\n  y", "\"x\\ny\\n\"")]
    [InlineData(">-\n  x\n  y", "\"x y\"")]
    public void Scalars_are_read_as_kubectl_reads_them(string scalar, string json) =>
        Assert.Equal($$"""{"v":{{json}}}""", Read($"v: {scalar}\n"));

    [Theory]
    [InlineData("yes: 1", """{"true":1}""")]
    [InlineData("0x10: 1", """{"16":1}""")]
    [InlineData("1.5: 1", """{"1.5":1}""")]
    [InlineData("'': 1", """{"":1}""")]
    [InlineData("2026-01-02: 1", """{"2026-01-02":1}""")]
    public void Keys_become_text(string yaml, string json) => Assert.Equal(json, Read(yaml));

    [Theory]
    [InlineData("a: &a [1]\nb: *a", """{"a":[1],"b":[1]}""")]
    [InlineData("a: &a {x: 1}\nb: {<<: *a, x: 2, z: 3}", """{"a":{"x":1},"b":{"x":2,"z":3}}""")]
    [InlineData("a: &a {x: 1}\nc: &c {x: 3, w: 4}\nb: {<<: [*a, *c]}", """{"a":{"x":1},"c":{"x":3,"w":4},"b":{"x":1,"w":4}}""")]
    [InlineData("&k a: 1\nb: *k", """{"a":1,"b":"a"}""")]
    [InlineData("""{"json": [1, "two", {"x": null}], "s": "\u00e9\/"}""", """{"json":[1,"two",{"x":null}],"s":"é/"}""")]
    public void Anchors_merges_and_json_are_read(string yaml, string json) => Assert.Equal(json, Read(yaml));

    [Theory]
    [InlineData("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3", "line 5, column 3: key \"c\" stands twice")]
    [InlineData("yes: 1\n\"true\": 2", "line 2, column 1: key \"true\" stands twice")]
    [InlineData("a: .inf", "line 1, column 4: .inf is no number that JSON can hold")]
    [InlineData("a: !!int x", "line 1, column 4: \"x\" doesn't fit its tag tag:yaml.org,2002:int")]
    [InlineData("a: !!binary aGk=", "line 1, column 4: \"aGk=\" doesn't fit its tag tag:yaml.org,2002:binary")]
    [InlineData("a: *b", "line 1, column 4: alias *b has no anchor before it")]
    [InlineData("a: &a [*a]", "line 1, column 8: alias *a has no anchor before it")]
    [InlineData("? [a]\n: 1", "line 1, column 3: a key must be a scalar")]
    [InlineData("~: 1", "line 1, column 1: a key must not be empty")]
    [InlineData("a: {<<: 1}", "line 1, column 9: only mappings can be merged by <<")]
    public void What_is_refused_is_refused_at_its_place(string yaml, string message) =>
        Assert.Equal(message, Assert.Throws<YamlReadException>(() => KubectlYaml.Read(yaml)).Message);

    [Theory]
    [InlineData("a: b: c", 1)]
    [InlineData("a: 1\n b: 2", 2)]
    [InlineData("a: [1, 2\nb: 3", 1)]
    [InlineData("a: \"x", 1)]
    [InlineData("b: 1\na: 'x\n--- ", 3)]
    public void Broken_syntax_names_its_line(string yaml, long line)
    {
        var refused = Assert.Throws<YamlReadException>(() => KubectlYaml.Read(yaml));

        Assert.Equal(line, refused.Position.Line);
        Assert.False(string.IsNullOrWhiteSpace(refused.Reason));
        Assert.DoesNotContain("Line:", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_documents_are_read_and_empty_ones_left_out()
    {
        var documents = KubectlYaml.Read("# only a comment\n---\na: 1\n---\n---\n# nothing\n---\nb: 2\n...\n");

        Assert.Equal(["{\"a\":1}", "{\"b\":2}"], documents.Select(d => d.Root.GetRawText()));
        Assert.Equal(new YamlPosition(8, 1), documents[1].PositionOf(""));
        Assert.Throws<YamlReadException>(() => KubectlYaml.ReadSingle("a: 1\n---\nb: 2"));
        Assert.Throws<YamlReadException>(() => KubectlYaml.ReadSingle("# nothing"));
    }

    [Fact]
    public void Every_value_has_its_place()
    {
        var document = KubectlYaml.ReadSingle("a:\n  - b: 1\n    c: x\n  - {b: 2}\nk8s.io/d:\n  e.f: 1\n");

        Assert.Equal(new YamlPosition(3, 8), document.PositionOf("a[0].c"));
        Assert.Equal(new YamlPosition(4, 9), document.PositionOf("a[1].b"));
        Assert.Equal(new YamlPosition(6, 8), document.PositionOf("k8s.io/d.e.f"));
    }

    [Fact]
    public void A_scalar_is_known_as_it_was_written()
    {
        var document = KubectlYaml.ReadSingle("a: on\nb: 1E6\nc: [x]\n");

        Assert.Equal(("on", "1E6", "x"), (document.SourceOf("a"), document.SourceOf("b"), document.SourceOf("c[0]")));
        Assert.Null(document.SourceOf("c"));
        Assert.Null(document.SourceOf("a.b"));
    }

    [Theory]
    [InlineData("a[1].missing", 4)]
    [InlineData("a[7].b", 2)]
    [InlineData("a[x]", 2)]
    [InlineData("zzz", 1)]
    public void What_is_not_there_has_the_place_of_what_should_hold_it(string path, long line) =>
        Assert.Equal(line, KubectlYaml.ReadSingle("a:\n  - b: 1\n    c: x\n  - {b: 2}\n").PositionOf(path).Line);

    [Fact]
    public void Limits_are_kept_on_both_sides()
    {
        Assert.NotNull(KubectlYaml.ReadSingle(Nested(KubectlYaml.MaxDepth - 1)));
        Assert.Contains("64 levels", Refused(Nested(KubectlYaml.MaxDepth)), StringComparison.Ordinal);
        Assert.NotNull(KubectlYaml.ReadSingle(Aliased(KubectlYaml.MaxAliases)));
        Assert.Contains("100 aliases", Refused(Aliased(KubectlYaml.MaxAliases + 1)), StringComparison.Ordinal);
        Assert.NotNull(KubectlYaml.ReadSingle(Sized(KubectlYaml.MaxBytes)));
        Assert.Contains("1024 KiB", Refused(Sized(KubectlYaml.MaxBytes + 1)), StringComparison.Ordinal);

        static string Nested(int lists) => "a: " + new string('[', lists) + new string(']', lists);
        static string Aliased(int count) => "a: &a 1\nb: [" + string.Join(", ", Enumerable.Repeat("*a", count)) + "]";
        static string Sized(int bytes) => "a: " + new string('x', bytes - 3);
        static string Refused(string yaml) => Assert.Throws<YamlReadException>(() => KubectlYaml.Read(yaml)).Message;
    }

    [Fact]
    public void Aliases_of_aliases_do_not_explode()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i <= 10; i++)
            bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n");

        Assert.Contains("too large", Assert.Throws<YamlReadException>(() => KubectlYaml.Read(bomb.ToString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_do_not_nest_deeper_than_the_limit()
    {
        var yaml = $"a: &a {new string('[', 40)}{new string(']', 40)}\nb: {new string('[', 40)}*a{new string(']', 40)}";

        Assert.Contains("64 levels", Assert.Throws<YamlReadException>(() => KubectlYaml.Read(yaml)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_text_is_read_as_json() => Json.Sample(json =>
    {
        var expected = JsonSerializer.Serialize(json);
        return JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, KubectlYaml.ReadSingle($$"""{"v": {{expected}}}""").Root.GetProperty("v"));
    });

    [Fact]
    public void Any_text_is_read_or_refused_but_never_breaks_the_reader() => Gen.String[Gen.Char["ab: -[]{}&*!|>'\"\n\t#,?~01.\0é"], 0, 60].Sample(iter: 20_000, assert: text =>
    {
        try
        {
            KubectlYaml.Read(text);
        }
        catch (YamlReadException e)
        {
            Assert.InRange(e.Position.Line, 0, 100);
        }
    });

    private static Gen<object?> Json { get; } = Gen.Recursive<object?>((depth, inner) => depth > 3
        ? Gen.Int.Select(i => (object?)i)
        : Gen.OneOf<object?>(
            Gen.Int.Select(i => (object?)i),
            Gen.Bool.Select(b => (object?)b),
            Gen.String[Gen.Char["ab\n\t\"\\'é #:{}"], 0, 8].Select(s => (object?)s),
            Gen.Const((object?)null),
            inner.List[0, 4].Select(l => (object?)l),
            Gen.Dictionary(Gen.String[Gen.Char["abcdef"], 3, 6].Where(k => k != "nul"), inner)[0, 4].Select(d => (object?)d)));

    private static string Read(string yaml) => KubectlYaml.ReadSingle(yaml).Root.GetRawText();
}
