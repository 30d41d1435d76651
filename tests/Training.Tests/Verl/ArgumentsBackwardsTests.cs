using GrpoOperator.Training.Verl;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Tests.Verl;

/// <summary>The mapping read backwards: an argument leads to the field that wrote it.</summary>
public sealed class ArgumentsBackwardsTests
{
    /// <summary>What no single field says.</summary>
    private static readonly string[] Derived = ["–", "model.weights", "strategy"];

    [Fact]
    public void Every_field_is_found_by_the_argument_that_it_writes()
    {
        foreach (var (field, argument) in ArgumentFieldTests.Cases().SelectMany(row => ((string[])row.Data.Item3).Select(text => (row.Data.Item2, text))))
        {
            var assignment = Assignment.Read(argument).Result!;
            var row = ArgumentTable.All.First(row => row.Key == assignment.Key || (row.Key.EndsWith(".*", StringComparison.Ordinal) && assignment.Key.StartsWith(row.Key[..^1], StringComparison.Ordinal)));
            if (Derived.Contains(row.Field, StringComparer.Ordinal))
                continue;
            Assert.True(ArgumentFields.Of(assignment).Any(candidate => candidate.ToString().StartsWith(row.Field, StringComparison.Ordinal)), $"{field}: {argument} leads to no field {row.Field}");
        }
    }

    [Theory]
    [InlineData("data.max_prompt_length=1.5")]
    [InlineData("data.max_prompt_length=99999999999")]
    [InlineData("data.truncation=sideways")]
    [InlineData("actor_rollout_ref.actor.use_kl_loss=1")]
    [InlineData("actor_rollout_ref.actor.optim.lr=fast")]
    [InlineData("actor_rollout_ref.model.path=${oc.env:MODEL}")]
    [InlineData("trainer.logger=console")]
    [InlineData("trainer.logger=[1]")]
    [InlineData("actor_rollout_ref.actor.megatron.override_transformer_config.a.b=1")]
    [InlineData("actor_rollout_ref.actor.megatron.override_transformer_config.a={b:1}")]
    [InlineData("trainer.critic_warmup=0")]
    [InlineData("trainer.device=npu")]
    public void A_value_that_no_field_could_have_written_leads_to_none(string argument) =>
        Assert.Empty(ArgumentFields.Of(Assignment.Read(argument).Result!));
}
