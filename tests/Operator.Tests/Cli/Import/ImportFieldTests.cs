using GrpoOperator.Crds;
using GrpoOperator.Operator.Cli.Import;

namespace GrpoOperator.Operator.Tests.Cli.Import;

/// <summary>What of a launch becomes which part of the job.</summary>
public sealed class ImportFieldTests
{
    private const string Sizes = "trainer.nnodes=1 trainer.n_gpus_per_node=8";

    [Fact]
    public void What_the_script_cant_say_is_a_placeholder_that_validation_refuses()
    {
        var job = Imported.Of(Launches.With(Sizes));
        Assert.Equal("", job.Spec.Image);
        Assert.Empty(job.Spec.Volumes!);
        Assert.Equal("/d", Assert.Single(job.Spec.VolumeMounts!).GetProperty("mountPath").GetString());
        Assert.Contains("# to be filled in: the script can't say which image", job.Yaml, StringComparison.Ordinal);
        Assert.Equal("x", Imported.Of(Launches.With(Sizes), new ImportRequest("job", "") { Image = "x" }).Spec.Image);
    }

    [Theory]
    [InlineData("actor_rollout_ref.actor.optim.lr=1e-6 actor_rollout_ref.actor.optim.lr=2e-6")]
    [InlineData("actor_rollout_ref.actor.ppo_mini_batch_size=4")]
    [InlineData("+actor_rollout_ref.actor.optim.lr=1e-6")]
    [InlineData("actor_rollout_ref.actor.optim.lr=-1e-6")]
    [InlineData("actor_rollout_ref.actor.kl_loss_coef=0.1")]
    [InlineData("custom_reward_function.path=/d/r.py custom_reward_function.name=score")]
    [InlineData("trainer.default_local_dir=relative trainer.save_freq=5")]
    [InlineData("data.train_files=relative.parquet")]
    [InlineData("data.max_prompt_length=1_024 data.max_response_length=0x10")]
    [InlineData("'data.val_files=${data.train_files}'")]
    [InlineData("actor_rollout_ref.actor.strategy=veomni model_engine=veomni actor_rollout_ref.ref.fsdp_config.param_offload=True")]
    [InlineData("'actor_rollout_ref.rollout.val_kwargs={n: 1, top_p: 0.7}'")]
    [InlineData("~actor_rollout_ref.rollout.val_kwargs.n trainer.logger=console")]
    [InlineData("actor_rollout_ref.actor.megatron.use_dist_checkpointing=True actor_rollout_ref.actor.megatron.dist_checkpointing_path=/d/c")]
    [InlineData("--config-dir /d/conf")]
    [InlineData("custom_reward_function.name=score custom_reward_function.path=")]
    [InlineData("data.prompt_key=* data.cache_dir=/d/*/?")]
    public async Task What_no_field_says_exactly_is_said_all_the_same(string words)
    {
        var script = Launches.With($"{Sizes} {words}");
        Imported.Of(script).HasArguments(await Bash.ArgumentsOf(script));
    }

    [Fact]
    public void A_field_that_would_write_more_than_the_script_isnt_used()
    {
        var job = Imported.Of(Launches.With($"{Sizes} actor_rollout_ref.actor.kl_loss_coef=0.1 trainer.total_epochs=1"));
        Assert.Null(job.Spec.Actor.KlLossCoefficient);
        Assert.Contains("actor_rollout_ref.actor.kl_loss_coef=0.1", job.Spec.Overrides!);
        Assert.Null(job.Spec.Launch.OmitArguments);
    }

    [Fact]
    public void Arguments_that_the_script_hasnt_are_left_out_by_name()
    {
        var job = Imported.Of($"python3 -m verl.trainer.main_ppo data.train_files=/a data.val_files=/b actor_rollout_ref.model.path=/m {Sizes}");
        Assert.Equal((1024, 256, 1), (job.Spec.Data.TrainBatchSize, job.Spec.Actor.PpoMiniBatchSize, job.Spec.Rollout.SamplesPerPrompt));
        Assert.Equal(7, job.Arguments.Count);
        Assert.Contains("trainer.device", job.Spec.Launch.OmitArguments!);
    }

    [Fact]
    public void Sizes_that_the_script_leaves_to_verl_are_verls()
    {
        var job = Imported.Of(Launches.With(""));
        Assert.Equal((1, 8), (job.Spec.Workers.Nodes, job.Spec.Workers.NpusPerNode));
        Assert.Contains("trainer.n_gpus_per_node=8", job.Arguments);
    }

    [Fact]
    public void Resuming_is_a_field()
    {
        var resume = Imported.Of(Launches.With("++trainer.resume_mode=resume_path trainer.resume_from_path=/d/global_step_5")).Spec.Trainer.Resume!;
        Assert.Equal((ResumeMode.FromPath, "/d/global_step_5"), (resume.Mode!.Value, resume.Path));
        Assert.Equal(ResumeMode.Disabled, Imported.Of(Launches.With("trainer.resume_mode=disable trainer.resume_from_path=null")).Spec.Trainer.Resume!.Mode);
    }

    [Fact]
    public void A_path_to_resume_from_that_no_mode_reads_is_left_out_with_a_comment()
    {
        var job = Imported.Of(Launches.With("trainer.resume_from_path=ck/"));
        Assert.Null(job.Spec.Trainer.Resume);
        Assert.Contains("trainer.resume_from_path=ck/ is left out: verl reads it with trainer.resume_mode=resume_path only", job.Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_without_an_end_has_verls()
    {
        var job = Imported.Of(Launches.With(""));
        Assert.Equal(30, job.Spec.Trainer.TotalEpochs);
        Assert.DoesNotContain(job.Arguments, argument => argument.StartsWith("trainer.total_epochs", StringComparison.Ordinal));
        Assert.Null(Imported.Of(Launches.With("trainer.total_training_steps=7")).Spec.Trainer.TotalEpochs);
    }

    [Fact]
    public void Relative_converted_weights_have_their_place_and_the_argument_stays()
    {
        const string key = "actor_rollout_ref.actor.megatron.";
        var job = Imported.Of(Launches.With($"--config-name=ppo_megatron_trainer.yaml {key}use_dist_checkpointing=True {key}dist_checkpointing_path=ck").Replace("main_ppo", "main_ppo --config-path=config", StringComparison.Ordinal));
        Assert.Equal("/verl/ck", job.Spec.Model.DistCheckpointPath);
        Assert.Contains($"{key}dist_checkpointing_path=ck", job.Arguments);
    }

    [Fact]
    public void Rays_cpus_are_a_field() =>
        Assert.Equal(64, Imported.Of(Launches.With("ray_kwargs.ray_init.num_cpus=64")).Spec.Ray.CpusPerNode);

    [Fact]
    public void A_directory_that_the_script_goes_to_is_where_verl_starts()
    {
        Assert.Equal("/opt/verl", Imported.Of(Launches.With("", "cd /opt/verl")).Spec.Launch.WorkDir);
        var relative = Imported.Of(Launches.With("", "cd verl"));
        Assert.Equal("/verl", relative.Spec.Launch.WorkDir);
        Assert.Contains("# line 1: the directory that the script starts in isn't known", relative.Yaml, StringComparison.Ordinal);
        Assert.Equal("/opt/verl/x.parquet", Imported.Of(Launches.With("data.train_files=x.parquet", "cd /opt/verl")).Spec.Data.TrainFiles[0]);
    }

    [Fact]
    public void Saving_without_a_directory_stays_an_override_with_a_comment()
    {
        var job = Imported.Of(Launches.With("trainer.save_freq=5"));
        Assert.Null(job.Spec.Trainer.SaveFrequency);
        Assert.Contains("trainer.save_freq=5", job.Spec.Overrides!);
        Assert.Contains("which a restart loses", job.Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_become_fields_entries_and_comments()
    {
        var job = Imported.Of(Launches.With("", """
            export A='x $(HOME) $$' B=1 C
            export PYTHONPATH=/one:/two:$PYTHONPATH
            export TENSORBOARD_DIR=/d/board GRPO_MINE=1 NODE_RANK=$(hostname)
            export WHEN=$(date)
            export API_KEY=secret
            HIDDEN=1
            C=3
            D=4 \
            """));
        Assert.Equal(new Dictionary<string, string> { ["A"] = "x $(HOME) $$", ["B"] = "1", ["C"] = "3", ["D"] = "4", ["API_KEY"] = "secret" }.OrderBy(pair => pair.Key), job.Env.OrderBy(pair => pair.Key));
        Assert.Equal(["/one", "/two"], job.Spec.Launch.PythonPath!);
        Assert.Equal("/d/board", job.Spec.Trainer.LogDir);
        Assert.Contains("# line 4: WHEN=$(date) is left out: $(date) is known only when the script runs", job.Yaml, StringComparison.Ordinal);
        Assert.Contains("GRPO_MINE=1 is left out: the operator sets it", job.Yaml, StringComparison.Ordinal);
        Assert.Contains("# a secret is better taken from a Secret", job.Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_of_a_submission_are_the_launchs_too()
    {
        var job = Imported.Of(File.ReadAllText(RepositoryTree.Script("two-node-tp8")));
        Assert.Equal("1", job.Env["VLLM_USE_V1"]);
        Assert.DoesNotContain("RANK", job.Env.Keys);
        Assert.Equal("/opt/verl", job.Spec.Launch.WorkDir);
        Assert.Contains("# to be filled in: one volume", job.Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void A_comment_cant_leave_its_line()
    {
        var job = Imported.Of(Launches.With("", "tool \"a\u2028b\u0085c\" \"x: [\nspec: {image: evil}\"\nexport RANK=$'1\\nimage: evil'"));
        Assert.Equal("", job.Spec.Image);
    }

    [Theory]
    [InlineData("/a/run_qwen3-8b_npu.sh", "run-qwen3-8b-npu")]
    [InlineData("8b.sh", "job-8b")]
    [InlineData("--.sh", "job")]
    [InlineData("Ein_sehr_langer_Name_eines_Skripts_mit_noch_mehr.sh", "ein-sehr-langer-name-eines-skripts-mit-n")]
    public void A_jobs_name_is_made_of_the_files(string file, string name) => Assert.Equal(name, JobName.Of(file));
}
