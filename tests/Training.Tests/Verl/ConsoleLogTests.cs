using GrpoOperator.Training.Verl;

namespace GrpoOperator.Training.Tests.Verl;

public sealed class ConsoleLogTests
{
    private const string Step34 =
        "\u001b[36m(TaskRunner pid=222265, ip=10.244.1.7)\u001b[0m step:34 - global_seqlen/min:419336 - actor/entropy:0.2226 - actor/kl_loss:0.001328 - "
        + "training/epoch:0 - critic/rewards/mean:-0.018 - val-core/openai/gsm8k/reward/mean@1:0.5 - response_length/mean:np.float64(1267.5) - perf/time_per_step:1163.95 - perf/throughput:213.4";

    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private static readonly ConsoleReading Nothing = new() { PodUid = "pod" };

    [Fact]
    public void A_step_line_is_read_through_Rays_prefix_and_colours()
    {
        var line = ConsoleLog.ParseStep(Step34)!;
        Assert.Equal(34, line.Step);
        Assert.Equal(-0.018, line.First("critic/rewards/mean"));
        Assert.Equal(1267.5, line.First("response_length/mean"));
        Assert.Equal(0.5, line.Values["val-core/openai/gsm8k/reward/mean@1"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("step:x - a:1")]
    [InlineData("step:99999999999 - a:1")]
    [InlineData("step:3 - nothing")]
    [InlineData("xstep:3 - a:1")]
    public void What_is_no_step_line_is_not_one(string line) => Assert.Null(ConsoleLog.ParseStep(line));

    [Fact]
    public void A_figure_that_is_not_finite_is_left_out() => Assert.Null(ConsoleLog.ParseStep("step:1 - actor/grad_norm:nan - a:1")!.First("actor/grad_norm"));

    [Fact]
    public void Progress_is_read_from_all_that_the_console_says()
    {
        const string text = "Found checkpoint: %s /data/ckpt/global_step_20\nSetting global step to 20\nTotal training steps: 4670\n"
            + "Training Progress:   1%|          | 1/108 [16:49<30:00:53, 1009.85s/it]\rTraining Progress:   2%|          | 2/108 [16:49<30:00:53, 1009.85s/it]\n"
            + "(TaskRunner pid=1) local_global_step_folder: /data/ckpt/global_step_34\n" + Step34 + "\n(TaskRunner pid=1) local_global_step_folder: /data/ckpt/global_step_40\n";
        var reading = ConsoleLog.Read(Nothing, text, Now);
        // The second save was announced only.
        Assert.Equal((34, 108, 20, 34, 0.5), (reading.Last!.Step, reading.TotalSteps, reading.ResumedFromStep, reading.LastCheckpointStep, reading.ValidationScore));
        Assert.Equal([1163.95], reading.StepSeconds);
    }

    [Fact]
    public void A_validation_before_training_is_no_step_also_after_a_resume()
    {
        var reading = ConsoleLog.Read(Nothing, "Setting global step to 20\nstep:20 - val-core/openai/gsm8k/reward/mean@1:0.25\n", Now);
        Assert.Equal((false, null, 0.25), (reading.HasStep, reading.LastStepAt, reading.ValidationScore));
        Assert.True(ConsoleLog.Read(reading, "step:21 - critic/rewards/mean:0.5\n", Now).HasStep);
    }

    [Theory]
    [InlineData("local_global_step_folder: /data/ckpt/global_step_5", null)]
    [InlineData("Saving checkpoint to /data/ckpt/global_step_5\nstep:5 - a:1", 5)]
    [InlineData("step:4 - a:1\nSaving checkpoint to /data/ckpt/global_step_5", null)]
    [InlineData("Saving checkpoint to /data/ckpt/global_step_5\nstep:5 - val-core/a/b:1", null)]
    [InlineData("Saving checkpoint to /c/global_step_5\nstep:5 - a:1\nSaving checkpoint to /c/global_step_10\nstep:9 - a:1", 5)]
    public void A_checkpoint_counts_once_its_step_is_told(string text, int? saved) =>
        Assert.Equal(saved, ConsoleLog.Read(Nothing, text, Now).LastCheckpointStep);

    [Fact]
    public void Reading_the_same_text_twice_changes_nothing()
    {
        var once = ConsoleLog.Read(Nothing, Step34, Now);
        Assert.Equal(once, ConsoleLog.Read(once, Step34 + "\n" + Step34, Now.AddSeconds(9)));
    }

    [Fact]
    public void Only_the_last_step_times_are_kept()
    {
        var text = string.Join('\n', Enumerable.Range(1, 100).Select(step => $"step:{step} - perf/time_per_step:{step}.0"));
        var reading = ConsoleLog.Read(Nothing, text, Now);
        Assert.Equal(64, reading.StepSeconds.Count);
        Assert.Equal(100, reading.StepSeconds[^1]);
    }
}
