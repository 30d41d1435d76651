using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Tests.Verl.Hydra;

public sealed class AssignmentTests
{
    [Theory]
    [InlineData("a.b=1", AssignmentSign.Set, "a.b", "1")]
    [InlineData("+a.b=1", AssignmentSign.Append, "a.b", "1")]
    [InlineData("++a.b=1", AssignmentSign.Force, "a.b", "1")]
    [InlineData("~a.b", AssignmentSign.Delete, "a.b", null)]
    [InlineData("~a.b=1", AssignmentSign.Delete, "a.b", "1")]
    [InlineData("a=", AssignmentSign.Set, "a", "")]
    [InlineData("a='x=y'", AssignmentSign.Set, "a", "'x=y'")]
    [InlineData("l.0=9", AssignmentSign.Set, "l.0", "9")]
    public void Reads_sign_key_and_value(string text, AssignmentSign sign, string key, string? raw)
    {
        var assignment = Assignment.Read(text).Result!;
        Assert.Equal((sign, key, raw), (assignment.Sign, assignment.Key, assignment.RawValue));
        Assert.False(assignment.IsGroupChoice);
    }

    [Theory]
    [InlineData("model@critic.model=hf", "model", "critic.model")]
    [InlineData("+engine/megatron=x", "engine/megatron", null)]
    public void Knows_choices_of_config_groups(string text, string key, string? package)
    {
        var assignment = Assignment.Read(text).Result!;
        Assert.True(assignment.IsGroupChoice);
        Assert.Equal((key, package), (assignment.Key, assignment.Package));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("+a")]
    [InlineData("=1")]
    [InlineData("--cfg=job")]
    [InlineData("--config-name=x")]
    [InlineData("+++a=1")]
    [InlineData("a b=1")]
    [InlineData("a..b=1")]
    [InlineData(".a=1")]
    [InlineData("a.-x=1")]
    [InlineData("é=1")]
    public void Refuses_what_is_no_override(string text)
    {
        Assert.Null(Assignment.ReadForm(text));
        Assert.NotNull(Assignment.Read(text).Error);
    }

    [Theory]
    [InlineData("a=true", "a=True", true)]
    [InlineData("a=1e-6", "a=0.000001", true)]
    [InlineData("a=1_000", "a=1000", true)]
    [InlineData("a=[x, y]", "a=['x','y']", true)]
    [InlineData("a={x:1,y:2}", "a={y:2,x:1}", true)]
    [InlineData("a=console", "a=[console]", false)]
    [InlineData("a=1", "a='1'", false)]
    [InlineData("a=1", "a=1.0", false)]
    [InlineData("a=x", "+a=x", false)]
    [InlineData("a=x", "b=x", false)]
    [InlineData("a=[x,y]", "a=[y,x]", false)]
    [InlineData("-m", "-m", true)]
    [InlineData("-m", "-n", false)]
    public void Compares_as_Hydra_reads(string left, string right, bool equal)
    {
        Assert.Equal(equal, ArgumentComparer.Instance.Equals(left, right));
        if (equal)
            Assert.Equal(ArgumentComparer.Instance.GetHashCode(left), ArgumentComparer.Instance.GetHashCode(right));
    }

    [Fact]
    public void Deep_nesting_is_refused_and_not_followed() =>
        Assert.Contains("nested", HydraReader.Read(new string('[', 100_000)).Error, StringComparison.Ordinal);
}
