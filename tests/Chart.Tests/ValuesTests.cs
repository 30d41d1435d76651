using System.Text.Json;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Chart.Tests;

public sealed class ValuesTests
{
    private static readonly JsonElement Values = KubectlYaml.ReadSingle(Tree.ReadChart("values.yaml")).Root;

    [Theory]
    [InlineData("replcas=3", "replcas")]
    [InlineData("replicas=0", "replicas")]
    [InlineData("replicas=\"2\"", "replicas")]
    [InlineData("image.tga=\"dev\"", "tga")]
    [InlineData("image.pullPolicy=\"Sometimes\"", "pullPolicy")]
    [InlineData("image.tag=\"a b\"", "tag")]
    [InlineData("image.digest=\"sha256:short\"", "digest")]
    [InlineData("logLevel=\"verbose\"", "logLevel")]
    [InlineData("watchNamespaces=\"team-a\"", "watchNamespaces")]
    [InlineData("watchNamespaces=[\"Team\"]", "watchNamespaces")]
    [InlineData("watchNamespaces=[\"a\",\"a\"]", "watchNamespaces")]
    [InlineData("nodeAccess=\"yes\"", "nodeAccess")]
    [InlineData("allowed.hostPath=[\"/x\"]", "hostPath")]
    [InlineData("allowed.hostPaths=[\"relative\"]", "hostPaths")]
    [InlineData("allowed.hostPaths=[\"/a/../etc\"]", "hostPaths")]
    [InlineData("allowed.hostPaths=[\"/a,/etc\"]", "hostPaths")]
    [InlineData("allowed.hostPaths=[\"/\"]", "hostPaths")]
    [InlineData("allowed.capabilities=[\"sys_admin\"]", "capabilities")]
    [InlineData("leaderElection.leaseDuration=0", "leaseDuration")]
    [InlineData("leaderElection.renewDeadline=15", "renewDeadline")]
    [InlineData("leaderElection.retryPeriod=9", "retryPeriod")]
    [InlineData("metrics.port=80", "port")]
    [InlineData("podMonitor.interval=\"often\"", "interval")]
    [InlineData("resources.limits.memory=\"lots\"", "memory")]
    [InlineData("resources.claims=[]", "claims")]
    [InlineData("extraArgs=\"--testing\"", "extraArgs")]
    public void AWrongValueIsRefusedByName(string value, string named)
    {
        var result = Helm.TryTemplate(Helm.Newest, value);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreThanTwentyNamespacesAreRefused()
    {
        var names = string.Join(',', Enumerable.Range(1, 21).Select(number => $"\"team-{number}\""));
        Assert.Contains("watchNamespaces", Helm.TryTemplate(Helm.Newest, $"watchNamespaces=[{names}]").Error, StringComparison.Ordinal);
    }

    // A chart that is part of another gets this from helm.
    [Fact]
    public void TheChartCanBePartOfAnother() => Assert.NotEmpty(Helm.Template(Helm.Newest, "global={\"x\":1}").Objects);

    [Fact]
    public void EveryValueIsInTheSchemaAndEverySchemaEntryIsAValue()
    {
        var schema = JsonDocument.Parse(Tree.ReadChart("values.schema.json")).RootElement;
        AssertSame("", Values, schema);

        static void AssertSame(string path, JsonElement values, JsonElement schema)
        {
            Assert.False(schema.At("additionalProperties").GetBoolean(), path);
            var declared = schema.At("properties").EnumerateObject().Where(one => path.Length > 0 || one.Name != "global");
            Assert.Equal(values.EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal),
                declared.Select(one => one.Name).Order(StringComparer.Ordinal));
            foreach (var value in values.EnumerateObject().Where(one => IsGroup(one.Value) && one.Name != "resources"))
                AssertSame($"{path}.{value.Name}", value.Value, schema.At("properties", value.Name));
        }
    }

    [Fact]
    public void EveryValueHasAComment()
    {
        var lines = Tree.ReadChart("values.yaml").Split('\n');
        var bare = Enumerable.Range(1, lines.Length - 1)
            .Where(at => lines[at].Contains(':', StringComparison.Ordinal) && !IsComment(lines[at]) && !IsComment(lines[at - 1]))
            .Select(at => lines[at].Trim())
            .Except(["image:", "volcano:", "leaderElection:", "metrics:", "podMonitor:", "crds:", "rbac:", "serviceAccount:", "podDisruptionBudget:"])
            .Except(["requests:", "limits:", "cpu: 50m", "memory: 96Mi", "memory: 512Mi"]);
        Assert.Empty(bare);

        static bool IsComment(string line) => line.TrimStart().StartsWith('#');
    }

    // Rows are | `key` | `default` | meaning |
    [Fact]
    public void TheReadmesTableIsTheValuesFile()
    {
        var rows = Tree.ReadChart("README.md").Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => $"{cells[1].Trim('`')} = {cells[2].Trim('`')}");
        Assert.Equal(Leaves("", Values), rows);
    }

    private static IEnumerable<string> Leaves(string path, JsonElement values) => values.EnumerateObject().SelectMany(one =>
        IsGroup(one.Value) && one.Name != "resources" ? Leaves($"{path}{one.Name}.", one.Value) : [$"{path}{one.Name} = {one.Value.GetRawText()}"]);

    private static bool IsGroup(JsonElement value) => value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any();
}
