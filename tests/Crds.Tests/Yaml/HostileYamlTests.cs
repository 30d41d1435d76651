using System.Diagnostics;
using System.Text;
using GrpoOperator.Crds.Schema;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Crds.Tests.Yaml;

/// <summary>
/// Texts of a megabyte that are made to hurt: read or refused, then checked against the schema, in time and memory that don't
/// grow faster than the text. Memory is counted, not looked at; the time is far above what any machine needs.
/// </summary>
public sealed class HostileYamlTests
{
    private const int Size = KubectlYaml.MaxBytes - 2_000;
    private const string Job = "apiVersion: grpo-operator.dev/v1alpha1\nkind: GrpoTrainingJob\n";

    private static readonly Dictionary<string, (string Text, string? Refusal)> Texts = new(StringComparer.Ordinal)
    {
        ["anchors"] = (Repeat(at => $"a{at}: &a{at} x\n"), null),
        ["aliases"] = ("a: &a [x]\nb:\n" + Repeat(_ => "- *a\n"), "more than 100 aliases"),
        ["aliases of aliases"] = ("a0: &a0 [" + Repeat(_ => "x,", 9 * 1024) + "x]\n" + string.Concat(Enumerable.Range(1, 9).Select(at => $"a{at}: &a{at} [{string.Join(',', Enumerable.Repeat($"*a{at - 1}", 10))}]\n")), "aliases make the document too large"),
        ["merged mappings"] = ("a: &a {" + Repeat(at => $"k{at}: 1,\n ", Size / 2) + "}\nb: [" + string.Join(',', Enumerable.Repeat("{<<: *a}", 90)) + "]\n", "aliases make the document too large"),
        ["brackets"] = ("a: " + new string('[', Size), "nested deeper than 64 levels"),
        ["braces"] = ("a: " + Repeat(_ => "{a: "), "nested deeper than 64 levels"),
        ["dashes"] = (Repeat(_ => "- "), "nested deeper than 64 levels"),
        ["question marks"] = (Repeat(_ => "? "), "a key must be a scalar"),
        ["indentation"] = (string.Concat(Enumerable.Range(0, 1_400).Select(at => new string(' ', at) + "a:\n")), "nested deeper than 64 levels"),
        ["a key that stands twice"] = (Repeat(_ => "a: 1\n"), "key \"a\" stands twice"),
        ["a key that stands twice, late"] = (Repeat(at => $"k{at}: 1\n") + "k7: 1\n", "key \"k7\" stands twice"),
        ["a long key over many values"] = ("? " + new string('k', Size / 2) + "\n:\n" + Repeat(_ => "- 1\n", Size / 2), null),
        ["long keys over each other"] = ("x: " + string.Concat(Enumerable.Repeat("{? " + new string('k', 15_000) + " : ", 60)) + "[" + Repeat(_ => "1,", 60_000) + "1]" + new string('}', 60), null),
        ["one number"] = ("a: " + new string('7', Size), null),
        ["one number of base 16"] = ("a: 0x" + new string('f', Size), null),
        ["one number of underscores"] = ("a: 1" + new string('_', Size), null),
        ["one float"] = ("a: 0." + new string('0', Size) + "1", null),
        ["one exponent"] = ("a: 1e" + new string('9', Size), null),
        ["unknown fields"] = (Job + "spec:\n" + Repeat(at => $"  imagf{at}: x\n"), null),
        ["one unknown field"] = (Job + "spec:\n  ? " + new string('i', Size) + "\n  : x\n", null),
        ["broken values"] = (Job + "spec: {volumes: [" + Repeat(_ => "1,") + "1]}\n", null),
        ["comments"] = (Repeat(_ => "# x\n"), null),
        ["documents"] = (Repeat(_ => "---\na\n"), "more than 1000 documents"),
        ["open quotes"] = ("a: \"" + Repeat(_ => "x\n"), "wrong indentation"),
        ["a tag"] = ("a: !" + new string('x', Size) + " 1", null),
        ["a percent line"] = ("%" + new string('x', Size), null),
        ["carriage returns"] = ("a: |\n" + Repeat(_ => " x\r"), null),
    };

    public static TheoryData<string> Names => [.. Texts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_megabyte_costs_no_more_than_megabytes(string name)
    {
        var (text, refusal) = Texts[name];
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, KubectlYaml.MaxBytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();

        var said = Read(text);

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {clock.ElapsedMilliseconds} ms, {(GC.GetAllocatedBytesForCurrentThread() - before) >> 20} MiB: {said}");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1L << 30);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        if (refusal is not null) Assert.Contains(refusal, said, StringComparison.OrdinalIgnoreCase);
    }

    // Every place of every violation is asked for, as a command does.
    private static string Read(string text)
    {
        try
        {
            var said = "";
            foreach (var document in KubectlYaml.Read(text))
            {
                var violations = CrdSchema.Check(document.Root);
                Assert.InRange(violations.Count, 0, 120);
                said = string.Join('\n', violations.Select(violation => $"{document.PositionOf(violation.Path)} {violation.Message}").Take(3));
            }

            return said;
        }
        catch (YamlReadException exception)
        {
            return exception.Reason;
        }
    }

    private static string Repeat(Func<int, string> part, int size = Size)
    {
        var text = new StringBuilder(size + 32);
        for (var at = 0; text.Length < size; at++)
            text.Append(part(at));
        return text.ToString();
    }
}
