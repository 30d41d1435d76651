namespace GrpoOperator.Crds.Tests;

/// <summary>The chart ships both forms as files. UPDATE_GOLDEN=1 writes them anew from the source.</summary>
public sealed class CommittedCopiesTests
{
    [Theory]
    [InlineData("grpotrainingjobs.cel.yaml", true)]
    [InlineData("grpotrainingjobs.yaml", false)]
    public void The_charts_copies_are_the_source(string file, bool cel)
    {
        var folder = Path.Combine(Root(), "charts", "grpo-operator", "crds-source");
        if (!Directory.Exists(folder))
            Assert.Skip("the chart has no crds-source folder yet");
        var path = Path.Combine(folder, file);
        var form = cel ? CrdForms.WithCel : CrdForms.WithoutCel;
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, form);

        Assert.Equal(form, File.ReadAllText(path));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Operator.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no Operator.sln above the tests");
        return folder;
    }
}
