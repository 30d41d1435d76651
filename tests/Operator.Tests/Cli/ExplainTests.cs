namespace GrpoOperator.Operator.Tests.Cli;

/// <summary>The figures of the published two-node example, calculated by hand.</summary>
public sealed class ExplainTests
{
    [Fact]
    public async Task The_figures_of_the_published_example()
    {
        // 7,473 rows of GSM8K; 30.5 · 10⁹ parameters.
        var call = await Call.Of("validate", "--explain", "--train-rows", "7473", "--parameters", "30500000000", "-f", SampleFiles.PathOf("qwen3-30b-a3b"));
        Assert.Equal(0, call.Code);
        var figures = call.Lines.Select(line => line.Split(": ", 4)).ToDictionary(cells => cells[1], cells => cells[3], StringComparer.Ordinal);
        Dictionary<string, string> byHand = new(StringComparer.Ordinal)
        {
            ["figure Npus"] = "workers.nodes 2 × workers.npusPerNode 16 = 32",
            ["figure ModelParallelSize"] = "actor.parallelism.tensor 4 × actor.parallelism.pipeline 2 × actor.parallelism.context 2 = 16",
            ["figure DataParallelSize"] = "NPUs 32 ÷ NPUs per copy 16 = 2",
            // Experts: 1 × 8 × 2 NPUs hold one copy of them.
            ["figure ExpertDataParallelSize"] = "NPUs 32 ÷ NPUs per copy of the experts 16 = 2",
            ["figure SequencesPerStep"] = "data.trainBatchSize 16 × rollout.samplesPerPrompt 8 = 128",
            ["figure SequencesPerRank"] = "sequences 128 ÷ data parallel size 2 = 64",
            ["figure UpdatesPerStep"] = "data.trainBatchSize 16 ÷ actor.ppoMiniBatchSize 16 = 1",
            ["figure MicroBatchesPerUpdate"] = "sequences of a mini batch per rank 64 ÷ actor.ppoMicroBatchSizePerNpu 8 = 8",
            ["figure RolloutReplicas"] = "NPUs 32 ÷ NPUs per rollout replica 4 = 8",
            ["figure SequencesPerReplica"] = "sequences 128 ÷ rollout replicas 8 = 16",
            // 467 × 16 = 7,472: one row is left over. Ten epochs.
            ["figure StepsPerEpoch"] = "at most 467: 7473 rows ÷ data.trainBatchSize 16, rounded down",
            ["figure Steps"] = "at most 4670: trainer.totalEpochs 10 × 467",
            ["figure RolloutMemory"] = "rollout.npuMemoryUtilization 0.6 × 64 GB of an NPU = 38.4 GB",
            // 61 GB of weights over 4 × 2 NPUs, or over the experts' 16; 366 GB of Adam's state over 32.
            ["figure ActorWeights"] = "2 bytes × 30500000000 parameters ÷ (actor.parallelism.tensor 4 × actor.parallelism.pipeline 2 = 8) = 7.6 GB where no parameter is an expert's, "
                + "÷ (actor.parallelism.expertTensor 1 × actor.parallelism.expert 8 × actor.parallelism.pipeline 2 = 16) = 3.8 GB where all are",
            ["figure OptimizerState"] = "12 bytes × 30500000000 parameters ÷ NPUs 32 = 11.4 GB, in the node's memory (actor.offload.optimizer)",
            ["figure RolloutWeights"] = "2 bytes × 30500000000 parameters ÷ rollout.parallelism.tensor 4 = 15.3 GB",
        };
        Assert.Equal(byHand, figures);
    }

    [Fact]
    public async Task What_the_inspection_found_is_taken_from_the_status()
    {
        var text = SampleFiles.Text("qwen3-30b-a3b") + "\nstatus: {inspection: {trainRows: 1600, parameters: 8000000000}}\n";
        var call = await Call.WithInput(text, "validate", "--explain", "-f", "-");
        Assert.Contains(call.Lines, line => line.EndsWith("figure StepsPerEpoch: default/qwen3-30b-a3b: at most 100: 1600 rows ÷ data.trainBatchSize 16, rounded down", StringComparison.Ordinal));
        Assert.Contains(call.Lines, line => line.Contains("figure OptimizerState: default/qwen3-30b-a3b: 12 bytes × 8000000000 parameters ÷ NPUs 32 = 3.0 GB", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_known_says_who_will_know()
    {
        var call = await Call.Of("validate", "--explain", "-f", SampleFiles.PathOf("qwen3-30b-a3b"));
        Assert.Contains(call.Lines, line => line.Contains("figure StepsPerEpoch: ", StringComparison.Ordinal) && line.EndsWith("the rows are counted by the inspection, or given by --train-rows", StringComparison.Ordinal));
        Assert.Contains(call.Lines, line => line.Contains("figure NpuMemory: ", StringComparison.Ordinal) && line.EndsWith("or given by --parameters", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ppoMicroBatchSizePerNpu: 8", "ppoMicroBatchSizePerNpu: 7", "MicroBatchesPerUpdate", "sequences of a mini batch per rank 64 ÷ actor.ppoMicroBatchSizePerNpu 7 = 9, 1 over")]
    [InlineData("ppoMicroBatchSizePerNpu: 8", "useDynamicBatchSize: true\n    maxTokensPerNpu: 4096", "MicroBatchesPerUpdate", "packed by tokens: 128 ÷ 2 = 64 sequences of a mini batch per rank, in batches of at most actor.maxTokensPerNpu 4096 × actor.parallelism.context 2 = 8192 tokens")]
    [InlineData("verlVersion: 0.7.1", "# any version", "VerlVersion", "not given; defaults are those of 0.10.0.dev0")]
    [InlineData("totalEpochs: 10", "totalSteps: 5", "Steps", "trainer.totalSteps 5")]
    public async Task Other_shapes_have_other_figures(string old, string @new, string name, string figure)
    {
        var call = await Call.WithInput(SampleFiles.Text("qwen3-30b-a3b", old, @new), "validate", "--explain", "-f", "-");
        Assert.Contains(call.Lines, line => line.EndsWith($"figure {name}: default/qwen3-30b-a3b: {figure}", StringComparison.Ordinal));
    }
}
