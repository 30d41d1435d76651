using System.Text;

namespace GrpoOperator.Operator.Tests.Cli.Import;

/// <summary>
/// Scripts that were made to hurt: refused by a bound that they meet soon, told by the memory that reading them takes. No
/// clock is asked: these tests run beside others.
/// </summary>
public sealed class HostileScriptTests
{
    public static TheoryData<string, string> Cases() => new()
    {
        { new string('#', (1024 * 1024) + 1), "larger than 1024 KiB" },
        { "a=xxxxxxxxxxxxxxxx\n" + Repeat("a=$a$a\n", 60), "a value grows beyond" },
        { "a=('' '')\n" + Repeat("a=(\"${a[@]}\" \"${a[@]}\")\n", 60), "fields" },
        { "set -- x x\n" + Repeat("set -- $@ $@\n", 60), "fields" },
        { Repeat("if a; then ", 5000), "nested deeper" },
        { Repeat("( ", 5000), "nested deeper" },
        { "a=" + Repeat("${b:-", 5000), "nested deeper" },
        { "a=" + Repeat("\"$(basename ", 5000), "" },
        { "a=$((" + Repeat("(", 5000) + "1" + Repeat(")", 5000) + "))\npython3 -m m x=$a", "arithmetic" },
        { "a=$((" + Repeat("-", 50_000) + "1))\npython3 -m m x=$a", "arithmetic" },
        { "a=b+b+b+b+b+b+b+b\nb=c+c+c+c+c+c+c+c\nc=d+d+d+d+d+d+d+d\nd=e+e+e+e+e+e+e+e\ne=f+f+f+f+f+f+f+f\nf=g+g+g+g+g+g+g+g\ng=h+h+h+h+h+h+h+h\nh=1\nx=$((a))", "steps" },
        { "f() { f; }\nf", "too deeply" },
        { "f() { f & f & }\nf", "" },
        { "f0() { :; }\n" + string.Concat(Enumerable.Range(1, 40).Select(n => $"f{n}() {{ f{n - 1}; f{n - 1}; }}\n")) + "f40", "" },
        { Repeat("while a; do ", 20) + "b" + Repeat("; done", 20), "" },
        { Repeat("while while while a; do b; done; do c; done; do d; done\n", 1000), "" },
        { Repeat("a\n", 500_000), "steps" },
        { "x=" + new string('a', 100_000) + "\ncase $x in " + Repeat("*a*a*a*a*b) ;; ", 5000) + "esac", "patterns" },
        { "x=" + new string('a', 100_000) + "\ny=${x%%*b*}", "patterns" },
        { Repeat("python3 -m m a=1\n", 100), "more than 64 launches" },
        { "cat <<END\n" + Repeat("x\n", 400_000), "starts no Python" },
        { "a=${" + new string('x', 900_000), "" },
        { Repeat("a;", 100_000) + "\"", "a quote" },
        { "python3 -m m " + string.Join(' ', Enumerable.Range(0, 600).Select(n => $"a{n}=1")), "512 are the most" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_hostile_script_is_refused_in_bounded_memory(string script, string refusal)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var problem = string.Join('\n', Imported.Refusals(script));
        Assert.Contains(refusal, problem, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2L << 30, problem);
    }

    [Fact]
    public void Many_arguments_are_taken_in_bounded_memory()
    {
        var words = new StringBuilder();
        for (var at = 0; at < 240; at++)
            words.Append($" +actor_rollout_ref.actor.megatron.override_transformer_config.k{at}={at}");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Imported.Of(Launches.With(words.ToString()));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4L << 30);
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
