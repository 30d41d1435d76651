using System.Text.Json;
using GrpoOperator.Crds;
using GrpoOperator.Crds.Yaml;
using GrpoOperator.Operator.Cli.Import;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl;

namespace GrpoOperator.Operator.Tests.Cli.Import;

/// <summary>Whole scripts of every shape: the job's arguments are those that bash would have given to Python.</summary>
public sealed class ImportShapeTests
{
    private static readonly ImportRequest AtHome = new("job", "") { Home = "/home/me", Image = "image" };

    [Theory]
    [InlineData("dynamic-batches")]
    [InlineData("sglang-a2")]
    [InlineData("gspo-fsdp2")]
    [InlineData("two-node-tp8")]
    [InlineData("one-step-off")]
    public async Task A_scripts_job_has_the_arguments_that_bash_gives(string name)
    {
        var script = await File.ReadAllTextAsync(RepositoryTree.Script(name), TestContext.Current.CancellationToken);
        var expected = (await Bash.ArgumentsOf(script)).ToList();
        expected.Remove("-u");
        if (expected.IndexOf("--config-name") is >= 0 and var at)
        {
            expected[at] += $"={expected[at + 1]}";
            expected.RemoveAt(at + 1);
        }

        Imported.Of(script, AtHome).HasArguments(expected);
    }

    [Fact]
    public void The_published_example_is_imported_by_its_masters_branch_with_the_samples_arguments_and_fields()
    {
        var job = Imported.Of(File.ReadAllText(RepositoryTree.Script("published-30b")), AtHome with { VerlVersion = "0.7.1" });
        var sample = Sample("qwen3-30b-a3b");
        job.HasArguments(Arguments.For(sample, "somewhere", "job", JobShape.Of(sample), ResumeArgument.First));
        Assert.Equal(["trainer.critic_warmup=0"], job.Spec.Overrides!);
        Assert.Equal((2, 16), (job.Spec.Workers.Nodes, job.Spec.Workers.NpusPerNode));
        Assert.Equal("enp67s0f5", job.Spec.Workers.NetworkInterface);
        Assert.Equal(["HCCL_CONNECT_TIMEOUT", "PYTORCH_NPU_ALLOC_CONF"], job.Env.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("# line 13: RAY_DEBUG_POST_MORTEM=1 is left out: it makes a failed task wait", job.Yaml, StringComparison.Ordinal);
        Assert.Contains("# line 14: MASTER_ADDR=10.0.0.1 is left out: the operator sets it", job.Yaml, StringComparison.Ordinal);
        foreach (var beside in new[] { "9: ulimit -n 65536", "10: source /usr/local", "ray start --head", "sleep 60" })
            Assert.Contains(beside, job.Yaml, StringComparison.Ordinal);
    }

    public static TheoryData<string> Samples() => [.. RepositoryTree.Names("*.yaml", "config", "samples")];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_script_made_of_a_samples_arguments_is_imported_with_the_same(string name)
    {
        var sample = Sample(name);
        var arguments = Arguments.For(sample, "default", name, JobShape.Of(sample), ResumeArgument.First);
        var script = "python3 " + string.Join(" \\\n    ", arguments.Select(text => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'"));
        var job = Imported.Of(script, AtHome with { VerlVersion = sample.VerlVersion });
        job.HasArguments(arguments);
        Assert.Equal(sample.Overrides ?? [], job.Spec.Overrides ?? []);
        Assert.Equal(sample.Strategy, job.Spec.Strategy);
        Assert.Equal(sample.Model, job.Spec.Model with { Weights = sample.Model.Weights });
        Assert.Null(job.Spec.Launch.OmitArguments);
    }

    [Fact]
    public void Nodes_of_a_rollout_beside_the_trainer_are_the_workers_too()
    {
        var shared = Imported.Of(File.ReadAllText(RepositoryTree.Script("one-step-off")), AtHome);
        Assert.Equal((1, 16, null, 12), (shared.Spec.Workers.Nodes, shared.Spec.Workers.NpusPerNode, shared.Spec.Trainer.Nodes, shared.Spec.Trainer.NpusPerNode));
        var apart = Imported.Of(Launches.With("trainer.nnodes=2 trainer.n_gpus_per_node=8 rollout.nnodes=1 rollout.n_gpus_per_node=8"), AtHome with { Accelerator = "atlas-800t-a2" });
        Assert.Equal((3, 8, 2, null), (apart.Spec.Workers.Nodes, apart.Spec.Workers.NpusPerNode, apart.Spec.Trainer.Nodes, apart.Spec.Trainer.NpusPerNode));
        Assert.Equal(Accelerator.Atlas800TA2, apart.Spec.Workers.Accelerator);
    }

    private static GrpoTrainingJobSpec Sample(string name) =>
        KubectlYaml.ReadSingle(File.ReadAllText(RepositoryTree.PathOf("config", "samples", $"{name}.yaml"))).Root
            .GetProperty("spec").Deserialize(CrdJsonContext.Default.GrpoTrainingJobSpec)!;
}
