using GrpoOperator.Training.Verl.Hydra;
using GrpoOperator.Training.Verl.Keys;

namespace GrpoOperator.Training.Tests.Verl.Keys;

/// <summary>Single overrides against every release and root, as the real Hydra answered.</summary>
public sealed class OverrideCasesTests
{
    public static TheoryData<string, string, string> Cases()
    {
        var lines = TestFiles.Data("override-cases.tsv").Select(line => line.Split('\t')).ToList();
        var cases = new TheoryData<string, string, string>();
        foreach (var line in lines.Skip(1))
        {
            for (var column = 1; column < line.Length; column++)
                cases.Add(line[0], lines[0][column], line[column]);
        }

        return cases;
    }

    [Fact]
    public void All_recorded_cases_are_there() => Assert.Equal(116 * 12, Cases().Count);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Says_what_Hydra_said(string text, string configuration, string answer)
    {
        var (name, root) = (configuration.Split('/')[0], configuration.Split('/')[1]);
        var table = VerlKeys.Table(VerlRelease.All.Single(release => release.Name == name), root is "M" ? ConfigRoot.Megatron : ConfigRoot.Fsdp);
        var problem = new KeyChecker(table).Next(Assignment.Read(text).Result!);
        Assert.Equal(answer, problem switch
        {
            KeyProblem.None => "ok",
            KeyProblem.AlreadyThere => "dup",
            _ => "ERR",
        });
    }
}
