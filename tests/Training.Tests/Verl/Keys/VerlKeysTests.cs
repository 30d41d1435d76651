using GrpoOperator.Training.Verl;
using GrpoOperator.Training.Verl.Hydra;
using GrpoOperator.Training.Verl.Keys;

namespace GrpoOperator.Training.Tests.Verl.Keys;

public sealed class VerlKeysTests
{
    [Theory]
    [InlineData("0.6.0", "v0.6.1")]
    [InlineData("0.6.1", "v0.6.1")]
    [InlineData("0.7.0", "v0.7.0")]
    [InlineData("0.7.1", "v0.7.1")]
    [InlineData("0.7.9", "v0.7.1")]
    [InlineData("0.8.0", "v0.8.0")]
    [InlineData("0.8.0rc1", "v0.7.1")]
    [InlineData("0.9.0", "v0.9.0")]
    [InlineData("0.9.3", "v0.9.0")]
    [InlineData("0.10.0.dev0", "main")]
    [InlineData("0.10.0", "main")]
    [InlineData("1.2.3", "main")]
    public void A_version_counts_as_the_newest_measured_one_before_it(string version, string release) =>
        Assert.Equal(release, VerlRelease.Of(VerlVersion.Parse(version)!).Name);

    [Fact]
    public void Defaults_carry_over_to_later_releases_until_they_change()
    {
        Assert.Equal(["sync", "async", "async", "async", "async", "async"], Defaults("actor_rollout_ref.rollout.mode"));
        Assert.Equal(["False", "True", "True", "True", "True", "True"], Defaults("actor_rollout_ref.actor.megatron.use_mbridge"));
        Assert.Equal([null, "True", "True", "True", "False", "False"], Defaults("actor_rollout_ref.actor.megatron.vanilla_mbridge"));
    }

    [Fact]
    public void Every_default_can_be_read()
    {
        foreach (var release in VerlRelease.All)
        {
            foreach (var root in Enum.GetValues<ConfigRoot>())
            {
                var table = VerlKeys.Table(release, root);
                var unreadable = table.Keys.Where(key => table.Find(key) is { Type: not KeyType.Missing } entry && entry.Default is null);
                Assert.Empty(unreadable);
                Assert.InRange(table.Keys.Count(), 400, 1300);
            }
        }
    }

    [Fact]
    public void Every_interpolated_default_resolves_to_its_measured_value()
    {
        foreach (var release in VerlRelease.All)
        {
            foreach (var root in Enum.GetValues<ConfigRoot>())
            {
                var table = VerlKeys.Table(release, root);
                var config = new ComposedConfig(table, []);
                foreach (var entry in table.Keys.Select(table.Find).Where(entry => entry is { Interpolation: not null, Type: not KeyType.Dict }))
                {
                    // Texts around an interpolation, and whole containers, are left to verl.
                    if (config.Get(entry!.Key) is { } value)
                        Assert.Equal(entry.Default, value);
                    else
                        Assert.True(entry.Interpolation!.Contains("}/${", StringComparison.Ordinal) || entry.Default is HydraValue.Mapping or HydraValue.Null, entry.Key);
                }
            }
        }
    }

    private static IEnumerable<string?> Defaults(string key) =>
        VerlRelease.All.Select(release => VerlKeys.Table(release, ConfigRoot.Megatron).Find(key)?.Default switch
        {
            HydraValue.Text text => text.Value,
            HydraValue.Bool flag => flag.Value.ToString(),
            _ => null,
        });
}
