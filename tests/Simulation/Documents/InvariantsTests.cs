using System.Text.RegularExpressions;

namespace GrpoOperator.Simulation.Documents;

/// <summary><c>docs/invariants.md</c> names the tests that break when a promise is taken away: they must exist.</summary>
public sealed partial class InvariantsTests
{
    [Fact]
    public void Every_test_that_a_promise_names_is_there()
    {
        var named = Name().Matches(File.ReadAllText(Repository.Path("docs/invariants.md"))).Select(match => (Class: match.Groups["class"].Value, Method: match.Groups["method"].Value)).ToArray();
        Assert.True(named.Length >= 13, $"only {named.Length} tests are named");
        var sources = Directory.EnumerateFiles(Repository.Path("tests"), "*.cs", SearchOption.AllDirectories).ToLookup(file => System.IO.Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal);
        var missing = named.Where(test => !sources[test.Class].Any(file => File.ReadAllText(file).Contains($" {test.Method}(", StringComparison.Ordinal)));
        Assert.True(!missing.Any(), string.Join('\n', missing.Select(test => $"{test.Class}.{test.Method} is in no file under tests")));
    }

    [Fact]
    public void Every_promise_that_the_simulation_checks_is_written_down()
    {
        var document = File.ReadAllText(Repository.Path("docs/invariants.md"));
        var numbers = Directory.EnumerateFiles(Repository.Path("tests/Simulation"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Number().Matches(File.ReadAllText(file))).Select(match => match.Groups["number"].Value).Distinct().ToArray();
        Assert.True(numbers.Length >= 10, $"only {string.Join(", ", numbers)} are checked");
        Assert.All(numbers, number => Assert.Contains($"| {number} |", document, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"`(?<class>\w+)\.(?<method>\w+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex(@"(Break\(|return \(|\? \(|: \()(?<number>[0-9]{1,2}), ", RegexOptions.ExplicitCapture)]
    private static partial Regex Number();
}
