using GrpoOperator.Training.Verl.Hydra;
using GrpoOperator.Training.Verl.Keys;

namespace GrpoOperator.Training.Tests.Verl.Keys;

public sealed class ComposedConfigTests
{
    private const string ActorContext = "actor_rollout_ref.actor.megatron.context_parallel_size";
    private const string ReferenceContext = "actor_rollout_ref.ref.megatron.context_parallel_size";

    [Fact]
    public void An_inherited_size_follows_its_source_where_the_release_inherits()
    {
        Assert.Equal(1, Compose("v0.6.1", $"{ActorContext}=2").Int(ReferenceContext));
        Assert.Equal(2, Compose("v0.7.0", $"{ActorContext}=2").Int(ReferenceContext));
        Assert.Equal(1, Compose("v0.7.0", $"{ActorContext}=2", $"{ReferenceContext}=1").Int(ReferenceContext));
    }

    [Fact]
    public void The_last_assignment_wins() =>
        Assert.Equal(3, Compose("v0.7.1", "data.train_batch_size=1", "++data.train_batch_size=2", "data.train_batch_size=3").Int("data.train_batch_size"));

    [Fact]
    public void A_dict_is_merged()
    {
        var config = Compose("v0.7.1", "data={train_batch_size: 7}");
        Assert.Equal(7, config.Int("data.train_batch_size"));
        Assert.Equal(512, config.Int("data.max_prompt_length"));
    }

    [Fact]
    public void What_was_deleted_or_replaced_is_gone()
    {
        Assert.Null(Compose("v0.7.1", "~data.train_batch_size").Get("data.train_batch_size"));
        Assert.Null(Compose("v0.7.1", "~data").Get("data.train_batch_size"));
        Assert.Null(Compose("v0.7.1", "data=null").Get("data.train_batch_size"));
        Assert.Equal(5, Compose("v0.7.1", "~data", "+data.train_batch_size=5").Int("data.train_batch_size"));
    }

    [Fact]
    public void Interpolations_of_the_user_are_followed_and_never_for_ever()
    {
        Assert.Equal(16, Compose("v0.7.1", "data.train_batch_size=16", "actor_rollout_ref.actor.ppo_mini_batch_size=${data.train_batch_size}").Int("actor_rollout_ref.actor.ppo_mini_batch_size"));
        Assert.Null(Compose("v0.7.1", "data.train_batch_size=${data.train_batch_size}").Get("data.train_batch_size"));
        Assert.Null(Compose("v0.7.1", "data.train_batch_size=${oc.env:X}").Get("data.train_batch_size"));
    }

    private static ComposedConfig Compose(string release, params string[] assignments) => new(
        VerlKeys.Table(VerlRelease.All.Single(candidate => candidate.Name == release), ConfigRoot.Megatron),
        assignments.Select(text => Assignment.Read(text).Result!));
}
