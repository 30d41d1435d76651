using System.Text;
using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Children;
using GrpoOperator.Training.Verl;

namespace GrpoOperator.Training.Tests.Children;

public sealed class LaunchConfigTests
{
    // etcd holds thousands of them: text as it is, and the packed launcher as its bytes.
    [Fact]
    public void The_30B_samples_is_below_48_KiB()
    {
        var map = LaunchConfig.Build(ChildSamples.Context("qwen3-30b-a3b"));
        var packed = (string)map["binaryData"]!["launcher.pyz.gz"]!;
        var stored = Encoding.UTF8.GetByteCount(map.ToJsonString()) - packed.Length + Convert.FromBase64String(packed).Length;

        Assert.InRange(stored, 10 * 1024, 48 * 1024);
    }

    [Fact]
    public void Arguments_are_one_a_line_exactly_as_passed()
    {
        var context = ChildSamples.Context("qwen3-30b-a3b", "{overrides: [\"a=b c\", \"+x='y,z'\", \"\"]}");
        var lines = ((string)LaunchConfig.Build(context)["data"]!["args"]!).Split('\n');

        Assert.Equal("", lines[^1]);
        Assert.Equal(Arguments.For(context.Spec, context.Namespace, context.JobName, JobShape.Of(context.Spec), ResumeArgument.First), lines[..^1]);
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("{trainer: {resume: {mode: Disabled}}}", true)]
    [InlineData("{trainer: {resume: {mode: Auto}}}", false)]
    public void Later_arguments_are_there_where_they_differ(string patch, bool there) =>
        Assert.Equal(there, LaunchConfig.Build(ChildSamples.Context("qwen3-30b-a3b", patch))["data"]!["args-resume"] is not null);

    [Fact]
    public void The_hash_tells_what_a_pod_would_notice_and_nothing_else()
    {
        var context = ChildSamples.Context("qwen3-30b-a3b");
        var hash = LaunchConfig.ContentHash(context);

        Assert.Equal(hash, (string?)LaunchConfig.Build(context)["metadata"]!["annotations"]![Labels.ContentHash]);
        Assert.Matches("^[0-9a-f]{16}$", hash);
        Assert.Equal(hash, LaunchConfig.ContentHash(context with { Incarnation = 9, Attempt = 9, FenceWait = true, Inspection = new InspectionStatus { Experts = 8 } }));
        Assert.All(
            (string[])["{trainer: {totalEpochs: 11}}", "{launch: {setup: x}}", "{ray: {port: 7000}}", "{logs: {directory: /data/logs}}", "{conversion: {policy: Never}}"],
            patch => Assert.NotEqual(hash, LaunchConfig.ContentHash(ChildSamples.Context("qwen3-30b-a3b", patch))));
        Assert.Equal(hash, LaunchConfig.ContentHash(ChildSamples.Context("qwen3-30b-a3b", "{failurePolicy: {maxRestarts: 9}, image: other}")));
    }

    [Theory]
    [InlineData("{model: {weights: null}}", "DistCheckpoint")]
    [InlineData("{model: {weights: MBridge}}", "MBridge")]
    [InlineData("{strategy: FSDP, model: {weights: null}}", "None")]
    public void The_weights_mode_is_never_left_open(string patch, string mode) => Assert.Equal(mode, (string?)Job(patch)["weights"]!["mode"]);

    [Theory]
    [InlineData("{data: {prepare: {outputDir: null}}}", "/data/processed_gsm8k")]
    [InlineData("{data: {prepare: {outputDir: null}, trainFiles: [/train.parquet]}}", "/")]
    [InlineData("{data: {prepare: {outputDir: /data/out}}}", "/data/out")]
    public void Data_goes_where_the_first_file_is_wanted(string patch, string directory) => Assert.Equal(directory, (string?)Job(patch)["data"]!["prepare"]!["outputDir"]);

    [Theory]
    [InlineData("{}", true)]
    [InlineData("{actor: {parallelism: {expert: null}}}", null)]
    [InlineData("{conversion: {useCpuInitialization: false}}", false)]
    public void Initialisation_on_the_cpu_is_left_to_the_model_unless_the_spec_tells(string patch, bool? expected) =>
        Assert.Equal(expected, (bool?)Job(patch)["conversion"]!["useCpuInitialization"]);

    [Fact]
    public void A_whole_command_is_told_as_such()
    {
        var context = ChildSamples.Context("qwen3-30b-a3b", "{launch: {command: [bash, run.sh]}}");

        Assert.Equal("bash\nrun.sh\n", (string?)LaunchConfig.Build(context)["data"]!["args"]);
        Assert.True((bool)Job("{launch: {command: [bash, run.sh]}}")["launch"]!["command"]!);
        Assert.False((bool)Job("{}")["launch"]!["command"]!);
    }

    private static JsonNode Job(string patch) => JsonNode.Parse((string)LaunchConfig.Build(ChildSamples.Context("qwen3-30b-a3b", patch))["data"]!["job.json"]!)!;
}
