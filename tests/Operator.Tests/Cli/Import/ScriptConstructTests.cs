namespace GrpoOperator.Operator.Tests.Cli.Import;

/// <summary>Each construct of bash that is understood: the import finds what bash makes of it.</summary>
public sealed class ScriptConstructTests
{
    public static TheoryData<string, string> Cases() => new()
    {
        // quotes and words
        { "", """a='single $x' "b='double \$x \" \\ \a'" c=back\ slash d=$'\'tab\tquote\'' e=mi'x'"ed" """ },
        { "x='two words'", """a="$x" '+c=$x'""" },
        { "x='  a=1   b=2 '", "$x" },
        { "x=''", "$x a=1" },
        { "", "a=1 \\\n   b=2 \\\n" },
        { "", "a=[x,'y'] 'b={k: 1}' \"c='\"x#y\"'\" # d=1" },
        { "x=1 # comment\n# y=2\ny=3", "a=$x$y" },
        { "x=2; cat <<END >/dev/null\nx=1\nEND", "a=$x" },
        { "x=2; cat <<-'END' >/dev/null\n\tx=1\n\tEND", "a=$x" },

        // parameters
        { "x=1; y=", "a=${x:-d} b=${y:-d} c=${z:-d} d=${y-d} e=${z-d} f=${x:+s}. g=${y:+s}. h=${z+s}." },
        { "y=", "a=${x:=1} b=$x c=${y:=2} d=$y" },
        { "x=one", "a=${x:-\"${y:-two}\"} b=${y:-\"${x}\"} c=\"${y:-'q'}\"" },
        { "x=path/to/file.tar.gz", "a=${x%.*} b=${x%%.*} c=${x#*/} d=${x##*/} e=${#x}" },
        { "x=path/to/file.tar.gz; p='*'", """ "a=${x%.*}" "b=${x%%.*}" "c=${x#*/}" "d=${x##*/}" "e=${x//\//_}" "f=${x##"*/"}" "g=${x##'*/'}" "h=${x%%$p}." "i=${x%%"$p"}" "j=${x/to/'up'}" """ },
        { "x=/m/Qwen3-8B; [[ \"${x##*/}\" == Qwen3* ]] && y=8 || y=2", "a=$y \"b=${z:-'${x##*/}'}\"" },
        { "x=1", """a=${u:-"x y"}z ${u:-b=1 c=2} d=${u-"${v:-"p q"}"} ${x:+e="r s"} "f=${u:-"t  u"}" """ },
        { "x=a-b-c", "a=${x/-/_} b=${x//-/_} c=${x/-} d=${x:2} e=${x:2:1} f=${x: -1}" },
        { "x=aBc", "a=${x^^} b=${x,,} c=${x^} d=${x,}" },
        { "x=y; y=1", "a=${!x}" },
        { "x=FSDP_SIZE", "a=${x:--1} b=${z:--1}" },
        { "x=/a/b//", "a=$(basename $x) b=$(dirname \"$x\") c=$(basename -- /x/y.sh .sh) d=$(basename \"$(dirname /p/q/r)\")" },
        { "unset x; x=1; unset x", "a=${x:-2}" },
        { "x=1; x+=2; x+=\"3\"", "a=$x" },

        // arithmetic
        { "x=3; y=4", "a=$((x + y * 2)) b=$(( (x+y)*2 )) c=$((x/2)) d=$((-7 % 3)) e=$((x > 2 ? 10 : 20)) f=$((2**10)) g=$((1<<4 | 1))" },
        { "x=3; y=x", "a=$((y + $x)) b=$((0x10 + 010)) c=$((!x)) d=$((x == 3 && y < 4)) e=$(( (x + 1) / (1 + 1) ))" },
        { "", "a=$((1024 * 2)) b=\"$((1))\" c=$((((2))))" },

        // arrays
        { "A=(a=1 'b=2 3'\n # c=3\n d=\"4\" \\\n e=5)", "\"${A[@]}\"" },
        { "A=(a=1); A+=(b=2 c=3)", "${A[@]} \"d='${A[0]}'\" e=${#A[@]}" },
        { "A=()", "\"${A[@]}\" a=1" },
        { "A=(x y z)", "\"a='${A[*]}'\" \"b=${A[-1]}\"" },
        { "A=(a=1 b=2 c=3)", "\"${A[@]:1}\" \"${A[@]:0:1}\"" },
        { "A=(a=1 b=2)", "\"x${A[@]}y\"" },
        { "A=()", "${A[@]+\"${A[@]}\"} a=1" },
        { "B=(b=1); A=(a=1 \"${B[@]}\")", "\"${A[@]}\"" },

        // commands
        { "f() { local x=$1; y=$x; }; x=0; f 5", "a=$x b=$y" },
        { "function f { echo; }; f", "a=1" },
        { "f() { x=1; return; x=2; }; f", "a=$x" },
        { "set -- b=1 c=2; shift", "\"$@\" a=$#" },
        { "export x=1 y; y=2; readonly z=3; declare -i w=4", "a=$x$y$z$w" },
        { "(x=1); x=${x:-2}; { y=1; }", "a=$x b=$y" },
        { "true && x=1 || x=2; false && y=1 || y=2; ! true || z=3; z=${z:-4}", "a=$x b=$y c=$z" },
        { "exit_code=0; [ $exit_code -eq 0 ] || exit 1", "a=1" },
        { "cd /tmp && x=1", "a=$x" },
        { "x=5; if [ $x -gt 4 ] && [ \"$x\" != 6 ]; then y=1; elif true; then y=2; else y=3; fi", "a=$y" },
        { "x=; if [ -n \"$x\" ]; then y=1; elif [ -z \"$x\" -a 1 = 1 ]; then y=2; else y=3; fi", "a=$y" },
        { "if [[ -z $nothing && ( 1 -lt 2 || a == b ) ]]; then y=1; fi", "a=$y" },
        { "x=a-npu-b; if [[ $x == *npu* ]]; then y=1; else y=2; fi; if [[ $x == \"*npu*\" ]]; then z=1; else z=2; fi", "a=$y b=$z" },
        { "case abc in x) y=0 ;; a*|b) y=1 ;; *) y=2 ;; esac; case q in [a-c]) z=1;; [!x]) z=2;; esac", "a=$y b=$z" },
        { "while [ $# -gt 0 ]; do case $1 in *) shift ;; esac; done", "a=1" },
        { "for x in only; do y=$x; done", "a=1" },
        { "for ((i = 0; i < 3; i++)); do :; done; until true; do x=2; done; x=${x:-1}", "a=$x" },
        { "x=1; if ((x > 0)); then y=2; fi", "a=$y" },
        { "if true; then if false; then x=1; else x=2; fi; fi", "a=$x" },
        { "x=1; echo x | { x=2; cat; } >/dev/null; y=$x", "a=$y" },
        { "x=1 true; y=${x:-2}", "a=$y" },
        { "set -a; x=1; set +a", "a=$x" },
        { "a() { \n python3 \"$@\"\n}", "x=1" },
        { "echo \"a ) b\" >/dev/null 2>&1 &\nwait; x=$(echo \"it's )\" '(' ) ; x=1", "a=$x" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_bash_makes_of_it_is_what_the_import_finds(string before, string words)
    {
        var script = Launches.With($"trainer.nnodes=1 trainer.n_gpus_per_node=8 {words}", before);
        var expected = await Bash.ArgumentsOf(script);
        Imported.Of(script).HasArguments(expected);
    }

    [Fact]
    public void A_variable_that_only_one_branch_sets_is_known_inside_it()
    {
        var job = Imported.Of("if [ -e /x ]; then\n n=2\n" + Launches.With("a=$n") + "\nelse n=3; fi");
        Assert.Contains("a=2", job.Arguments);
    }

    [Fact]
    public void A_branch_that_leaves_the_script_doesnt_count_behind_itself()
    {
        var job = Imported.Of(Launches.With("a=$n b=$m", "n=1; m=1\ntool || exit 1\nif tool; then n=2; exit 3; fi\ncase $FOO in x) ;; *) m=2; exit 1 ;; esac"));
        Assert.Contains("a=1", job.Arguments);
        Assert.Contains("b=1", job.Arguments);
    }

    [Fact]
    public void Every_way_of_starting_python_is_a_launch()
    {
        foreach (var start in new[] { "python", "/usr/bin/python3.11", "nohup python3", "env A=1 python3", "exec python3", "uv run --no-sync python3", "numactl -m 0 python3 -u", "A=1 B=2 python3", "ray job submit python3" })
            Assert.Contains("q=1", Imported.Of(Launches.With("q=1").Replace("python3", start, StringComparison.Ordinal)).Arguments);
        Assert.Contains("q=1", Imported.Of(Launches.With("q=1", "P=(nohup python3)").Replace("\npython3", "\n\"${P[@]}\"", StringComparison.Ordinal)).Arguments);
    }
}
