using GrpoOperator.Crds;

namespace GrpoOperator.Chart.Tests;

public sealed class CrdTests
{
    private const string Name = "grpotrainingjobs.grpo-operator.dev";

    // The chart has copies of its own, since helm packs no file from outside. UPDATE_GOLDEN=1 writes them anew.
    [Theory]
    [InlineData("cel")]
    [InlineData("plain")]
    public void TheChartsCopyIsTheFormOfTheSource(string form)
    {
        var file = Path.Combine("crd-forms", form + ".yaml");
        var expected = form == "cel" ? CrdForms.WithCel : CrdForms.WithoutCel;
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(Path.Combine(Tree.Chart, file), expected);
        Assert.Equal(expected, Tree.ReadChart(file));
    }

    [Theory]
    [InlineData(Helm.Oldest, false)]
    [InlineData("1.29.9", false)]
    [InlineData("1.29.9-gke.100", false)]
    [InlineData("1.30.0", true)]
    [InlineData("1.30.1-eks-abc", true)]
    [InlineData(Helm.Newest, true)]
    public void RulesAreThereFromTheVersionOnThatKeepsStoredObjectsUsable(string version, bool rules)
    {
        var crd = Helm.Template(version).Single("CustomResourceDefinition", Name).GetRawText();
        Assert.Equal(rules, crd.Contains("x-kubernetes-validations", StringComparison.Ordinal));
    }

    [Fact]
    public void UninstallingKeepsTheUsersJobs() =>
        Assert.Equal("keep", Helm.Template(Helm.Newest).Single("CustomResourceDefinition")
            .Text("metadata", "annotations", "helm.sh/resource-policy"));

    // In the folder crds/ helm would install it once and never upgrade it.
    [Fact]
    public void AnUpgradeChangesIt()
    {
        Assert.False(Directory.Exists(Path.Combine(Tree.Chart, "crds")));
        Assert.Equal("Helm", Helm.Template(Helm.Oldest).Single("CustomResourceDefinition")
            .Text("metadata", "labels", "app.kubernetes.io/managed-by"));
    }

    [Theory]
    [InlineData(Helm.Oldest, "plain")]
    [InlineData(Helm.Newest, "cel")]
    public void NothingButMetadataIsAddedToTheForm(string version, string form)
    {
        var made = Helm.Template(version).Single("CustomResourceDefinition");
        var source = Crds.Yaml.KubectlYaml.ReadSingle(Tree.ReadChart($"crd-forms/{form}.yaml")).Root;
        Assert.Equal(source.At("spec").GetRawText(), made.At("spec").GetRawText());
        Assert.Equal(Name, made.Text("metadata", "name"));
    }

    [Fact]
    public void ItCanBeLeftToOthers() =>
        Assert.Empty(Helm.Template(Helm.Newest, "crds.install=false").OfKind("CustomResourceDefinition"));
}
