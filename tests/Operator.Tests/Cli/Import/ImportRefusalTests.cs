using GrpoOperator.Operator.Cli.Import;

namespace GrpoOperator.Operator.Tests.Cli.Import;

/// <summary>What can't be imported, with the line that says why.</summary>
public sealed class ImportRefusalTests
{
    [Theory]
    [InlineData("x=$(date +%Y)", "a=$x", "1: $(date +%Y) is known only when the script runs; give --set x=…; the argument a of line 2 needs it")]
    [InlineData("x=`date`", "a=$x", "1: $(date) is known only")]
    [InlineData("", "a=$HOME", "2: $HOME is set by nothing in the script; give --home")]
    [InlineData("", "a=~/x", "2: Hydra would refuse a=~/x")]
    [InlineData("x=~", "a=$x", "1: $HOME is set by nothing")]
    [InlineData("", "a=$FOO", "2: $FOO is set by nothing in the script; give --set FOO=…")]
    [InlineData("", "$FOO", "2: $FOO is set by nothing")]
    [InlineData("", "a=${FOO:?needed}", "2: $FOO is set by nothing")]
    [InlineData("", "a=$1", "2: $1 is set by nothing in the script; give --set 1=…")]
    [InlineData("", "a=$0", "2: $0 is known only when")]
    [InlineData("", "a=$(dirname \"$0\")", "2: $0 is known only when")]
    [InlineData("", "a={b,c}", "2: braces")]
    [InlineData("", "a={1..3}", "2: braces")]
    [InlineData("A=(/d/*.parquet)", "\"a=${A[*]}\"", "1: the files that match a pattern")]
    [InlineData("for x in 1 2; do :; done", "a=$x", "1: $x changes in the loop of line 1")]
    [InlineData("n=0; while tool; do n=$((n + 1)); done", "a=$n", "1: $n changes in the loop of line 1")]
    [InlineData("if tool; then x=1; else x=2; fi", "a=$x", "1: $x depends on a condition")]
    [InlineData("tool && x=1", "a=$x", "1: $x depends on a condition")]
    [InlineData("read x", "a=$x", "1: $x is set by read")]
    [InlineData("x=1; ((x++))", "a=$x", "1: $x is changed by an arithmetic command")]
    [InlineData("declare -A x=([a]=1)", "a=${x[a]}", "1: $x is a table")]
    [InlineData("x[0]=1", "a=$x", "1: $x is an array whose elements are set")]
    [InlineData("x=$((1 / 0))", "a=$x", "1: the arithmetic expression 1 / 0 is not understood")]
    [InlineData("x=a.b", "a=${x//./[}", "2: the expansion ${x//…} is not understood", true)]
    [InlineData("x=1", "a=${x@Q}", "2: the expansion ${x@…} is not understood")]
    [InlineData("PY=$(which python3); $PY -m m a=1", "a=1", "launch 1 of 2")]
    [InlineData("IFS=,; A=(1 2)", "\"a=${A[*]}\"", "1: IFS is assigned")]
    [InlineData("select x in a; do :; done", "", "1: select and coproc")]
    [InlineData("x='", "", "1: a quote ' has no end")]
    [InlineData("if true; then", "", "has no 'fi'")]
    [InlineData("case x in a) ;& esac", "", "falls through")]
    [InlineData("", "hydra.run.dir=/x", "2: hydra.run.dir=/x changes Hydra itself")]
    [InlineData("", "trainer.logger=[wandb]", "2: trainer.logger=[wandb] leaves out console")]
    [InlineData("", "trainer.device=cuda", "2: trainer.device=cuda trains on another device")]
    [InlineData("", "trainer.nnodes=many", "2: trainer.nnodes=many is not a number")]
    [InlineData("", "a=1 \\ \\\n b=2", "is there a blank behind a backslash?")]
    [InlineData("", "a=1 foo", "Hydra would refuse foo: it is neither key=value, ~key nor an option")]
    [InlineData("", "a=1 \"\"", "it is neither key=value")]
    [InlineData("", "ray_kwargs.ray_init.address=auto", "2: ray_kwargs.ray_init.address=auto leads to another Ray cluster")]
    [InlineData("", "a=b=c", "2: Hydra would refuse a=b=c")]
    public void What_reaches_an_argument_and_isnt_known_is_refused_with_its_line(string before, string words, string refusal, bool isFine = false)
    {
        if (isFine)
            Assert.NotNull(Imported.Result(Launches.With($"'{words.Replace("[", "x", StringComparison.Ordinal)}'", before)).Yaml);
        else
            Assert.Contains(Imported.Refusals(Launches.With(words, before)), problem => problem.Contains(refusal, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("python3 main_ppo.py a=1", "1: python starts the file main_ppo.py")]
    [InlineData("bash -c 'python3 -m verl.trainer.main_ppo a=1'", "1: bash is given the launch as a text")]
    [InlineData("x='python3 -m verl.trainer.main_ppo a=1'\neval $x", "2: eval is given the launch")]
    [InlineData("ssh node python3 -m verl.trainer.main_ppo a=1", "1: ssh is given the launch")]
    [InlineData("echo python3 -m verl.trainer.main_ppo a=1", "0: the script starts no Python module")]
    [InlineData("python3 -m pip install a==1", "0: the script starts no Python module")]
    [InlineData("if false; then python3 -m m a=1; fi", "1: a launch stands here, in a branch that the script doesn't take")]
    [InlineData("A=1\nif [ $A = 2 ]; then\n python3 -m m a=1\nfi", "3: a launch stands here")]
    [InlineData("exit 0\npython3 -m m a=1", "0: the script starts no Python module")]
    [InlineData("", "0: the script starts no Python module")]
    public void What_is_no_launch_of_a_module_is_refused(string script, string refusal) =>
        Assert.Contains(Imported.Refusals(script), problem => problem.StartsWith(refusal, StringComparison.Ordinal));

    [Fact]
    public void Several_launches_are_chosen_from()
    {
        var script = $"{Launches.With("trainer.total_epochs=1")}\n{Launches.With("trainer.total_epochs=2")}";
        Assert.Equal(["2: launch 1 of 2: verl.trainer.main_ppo; choose one with --launch", "4: launch 2 of 2: verl.trainer.main_ppo; choose one with --launch"], Imported.Refusals(script));
        Assert.Equal(2, Imported.Of(script, new ImportRequest("job", "") { Launch = 2 }).Spec.Trainer.TotalEpochs);
        Assert.Contains("--launch 3", Imported.Result(script, new ImportRequest("job", "") { Launch = 3 }).WrongCall, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_unknown_but_reaches_no_argument_is_no_problem() =>
        Imported.Of(Launches.With("a=1 2>&1 | tee $(date).log", "LOG=$(date)/$FOO; mkdir -p $LOG; export W=$LOG"));

    [Fact]
    public void A_named_variable_keeps_its_value()
    {
        var request = new ImportRequest("job", "") { Given = new Dictionary<string, string> { ["x"] = "mine", ["1"] = "first" } };
        var job = Imported.Of(Launches.With("a=$x b=$1 c=$#", "x=$(date)"), request);
        Assert.Contains("a=mine", job.Arguments);
        Assert.Contains("b=first", job.Arguments);
        Assert.Contains("c=1", job.Arguments);
        Assert.Contains("--set y", Imported.Result(Launches.With("a=1"), request with { Given = new Dictionary<string, string> { ["y"] = "" } }).WrongCall, StringComparison.Ordinal);
    }
}
