using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl;

namespace GrpoOperator.Training.Tests.Verl;

public sealed class ArgumentsTests
{
    private const string Megatron = "qwen3-30b-a3b";
    private const string Fsdp = "minimal";
    private const string Transformer = "actor_rollout_ref.actor.megatron.override_transformer_config";

    public static TheoryData<string, string, string[]> Heads() => new()
    {
        { Megatron, "{}", ["-m", "verl.trainer.main_ppo", "--config-path=config", "--config-name=ppo_megatron_trainer.yaml"] },
        { Fsdp, "{}", ["-m", "verl.trainer.main_ppo"] },
        { Fsdp, "strategy: FSDP2", ["-m", "verl.trainer.main_ppo"] },
        { Fsdp, "strategy: Custom", ["-m", "verl.trainer.main_ppo"] },
        { Megatron, "launch: {module: recipe.dapo.main_dapo}", ["-m", "recipe.dapo.main_dapo"] },
        { Megatron, "launch: {configPath: ''}", ["-m", "verl.trainer.main_ppo", "--config-name=ppo_megatron_trainer.yaml"] },
        { Megatron, "launch: {configName: ''}", ["-m", "verl.trainer.main_ppo", "--config-path=config"] },
        { Fsdp, "launch: {configName: mine}", ["-m", "verl.trainer.main_ppo", "--config-name=mine"] },
        { Fsdp, "launch: {module: my.main, configPath: /c, args: [--x, 'a b']}", ["-m", "my.main", "--config-path=/c", "--x", "a b"] },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public void The_head_names_module_and_configuration(string sample, string patch, string[] head) =>
        Assert.Equal(head, Samples.Arguments(Samples.Spec(sample, patch)).TakeWhile(argument => !argument.StartsWith("algorithm.", StringComparison.Ordinal)));

    [Fact]
    public void A_command_of_the_users_own_is_everything() =>
        Assert.Equal(["bash", "-c", "echo $X"], Samples.Arguments(Samples.Spec(Megatron, "launch: {command: [bash, -c, 'echo $X'], args: [--ignored]}\noverrides: [a=1]")));

    [Theory]
    [InlineData("null", "+", "use_flash_attn", "true")]
    [InlineData("0.7.1", "+", "use_flash_attn", "true")]
    [InlineData("0.7.1", "", "attention_backend", "flash")]
    [InlineData("0.7.1", "", "recompute_modules", "[core_attn, mlp]")]
    [InlineData("null", "", "attention_backend", "flash")]
    [InlineData("null", "+", "recompute_method", "uniform")]
    public void A_transformer_entry_is_appended_unless_verl_has_it(string version, string sign, string name, string value)
    {
        var spec = Samples.Spec(Megatron, $"verlVersion: {version}\nactor: {{transformerConfig: {{{name}: {value}}}}}");
        Assert.Single(Samples.Arguments(spec), argument => argument.StartsWith($"{sign}{Transformer}.{name}=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true", "True")]
    [InlineData("false", "False")]
    [InlineData("null", null)]
    [InlineData("8", "8")]
    [InlineData("1.5", "1.5")]
    [InlineData("rope", "rope")]
    [InlineData("'8'", "'8'")]
    [InlineData("'true'", "'true'")]
    [InlineData("'a,b'", "'a,b'")]
    [InlineData("[1, true, 'x y']", "[1,True,'x y']")]
    [InlineData("[]", "[]")]
    public void A_transformer_entry_keeps_its_type(string value, string? written)
    {
        var arguments = Samples.Arguments(Samples.Spec(Megatron, $"actor: {{transformerConfig: {{probe: {value}}}}}"));
        Assert.Equal(written is null ? [] : [$"+{Transformer}.probe={written}"], arguments.Where(argument => argument.Contains(".probe", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_override_takes_the_place_of_what_it_names_whatever_its_sign()
    {
        var before = Samples.Arguments(Samples.Spec(Megatron, "overrides: []"));
        foreach (var text in new[] { "data.train_batch_size=32", "++data.train_batch_size=32", "~data.train_batch_size", $"{Transformer}.use_flash_attn=False" })
        {
            var after = Samples.Arguments(Samples.Spec(Megatron, $"overrides: ['{text}']"));
            Assert.Equal(before.Count, after.Count);
            var place = after.ToList().IndexOf(text);
            Assert.Contains(text.Trim('+', '~').Split('=')[0], before[place], StringComparison.Ordinal);
            Assert.Equal(before.Where((_, at) => at != place), after.Where((_, at) => at != place));
        }
    }

    [Fact]
    public void Other_overrides_follow_in_order_verbatim()
    {
        string[] overrides = ["+x.y='a, b'", "data.train_batch_size=8", "x.z=1", "x.z=2", "data.train_batch_size=16", "model_engine=megatron", "a@b=c"];
        var arguments = Samples.Arguments(Samples.Spec(Megatron, $"overrides: [{string.Join(", ", overrides.Select(text => $"\"{text}\""))}]"));
        Assert.Equal(["+x.y='a, b'", "x.z=1", "x.z=2", "data.train_batch_size=16", "model_engine=megatron", "a@b=c"], arguments.TakeLast(6));
        Assert.Equal(1, arguments.Count(argument => argument == "data.train_batch_size=8"));
    }

    [Fact]
    public void Omitted_arguments_are_left_out()
    {
        var before = Samples.Arguments(Samples.Spec(Megatron));
        var after = Samples.Arguments(Samples.Spec(Megatron, $"launch: {{omitArguments: [trainer.device, algorithm.adv_estimator, {Transformer}.use_flash_attn]}}"));
        Assert.Equal([$"+{Transformer}.use_flash_attn=True", "algorithm.adv_estimator=grpo", "trainer.device=npu"], before.Except(after).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("{mode: Auto}", null)]
    [InlineData("{mode: Disabled}", "trainer.resume_mode=auto")]
    [InlineData("{mode: FromPath, path: /c/global_step_7}", "trainer.resume_mode=auto")]
    public void Later_attempts_resume_their_own_checkpoint(string resume, string? later)
    {
        var spec = Samples.Spec(Megatron, $"trainer: {{resume: {resume}}}");
        var arguments = Arguments.Later(spec, Samples.Namespace, "job", JobShape.Of(spec));
        Assert.Equal(later is null ? null : [later], arguments?.Where(argument => argument.StartsWith("trainer.resume", StringComparison.Ordinal)));
        Assert.Equal(Samples.Arguments(spec, ResumeArgument.Later), arguments ?? Samples.Arguments(spec));
    }

    [Fact]
    public void Names_default_to_namespace_and_job()
    {
        var spec = Samples.Spec(Fsdp);
        var arguments = Arguments.For(spec, "007", "true", JobShape.Of(spec), ResumeArgument.First);
        Assert.Contains("trainer.project_name='007'", arguments);
        Assert.Contains("trainer.experiment_name='true'", arguments);
    }

    [Fact]
    public void Foreign_fields_are_never_written()
    {
        var spec = Samples.Spec(Megatron, "strategy: FSDP\nactor: {parallelism: {ulysses: 2}}");
        Assert.DoesNotContain(Samples.Arguments(spec), argument => argument.Contains(".megatron.", StringComparison.Ordinal));
        Assert.DoesNotContain(Samples.Arguments(Samples.Spec(Megatron, "strategy: Custom")), argument => argument.Contains(".megatron.", StringComparison.Ordinal) || argument.Contains("fsdp_config", StringComparison.Ordinal));
    }
}
