using GrpoOperator.Training.Verl.Hydra;
using GrpoOperator.Training.Verl.Keys;

namespace GrpoOperator.Training.Tests.Verl.Hydra;

/// <summary>The recorded answers of the real Hydra.</summary>
public sealed class HydraCasesTests
{
    /// <summary>Left out: they need the environment, or Python's equality of 1 and True.</summary>
    private static readonly string[] Unknowable = ["s=${oc.env:NOPE,dflt}", "+d={1:x,true:y}"];

    private static readonly KeyTable Table = new(
        [
            new("s", KeyType.Str, "\"abc\"", null),
            new("i", KeyType.Int, "3", null),
            new("b", KeyType.Bool, "true", null),
            new("f", KeyType.Float, "1.5", null),
            new("l", KeyType.List, "[1, 2]", null),
            new("n", KeyType.Null, "null", null),
            new("d", KeyType.Dict, "{}", null),
            new("e.a", KeyType.Int, "1", null),
            new("x", KeyType.Str, "\"abc\"", null),
            new("sub.m", KeyType.Missing, "???", null),
        ],
        new Dictionary<string, bool>(StringComparer.Ordinal));

    public static TheoryData<string> Cases()
    {
        var lines = TestFiles.Data("hydra-cases.txt").TakeWhile(line => !line.StartsWith("--- ${", StringComparison.Ordinal));
        return [.. lines.Where(line => line[0] == '(' && !Unknowable.Contains(PythonLiteral.Tuple(line).Items[^1]))];
    }

    [Fact]
    public void All_recorded_cases_are_there() => Assert.True(Cases().Count > 200, $"{Cases().Count} cases");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Says_what_Hydra_said(string line)
    {
        var (items, expected) = PythonLiteral.Tuple(line);
        var readings = items.Select(Assignment.Read).ToList();
        var checker = new KeyChecker(Table);
        var refused = readings.Any(reading => reading.Error is not null)
            || readings.Select(reading => checker.Next(reading.Result!)).ToList().Exists(problem => problem is not KeyProblem.None);

        if (expected.StartsWith("ERR Interpolation", StringComparison.Ordinal))
        {
            Assert.IsType<HydraValue.Interpolation>(readings[0].Result!.Value);
            return;
        }

        Assert.Equal(expected.StartsWith("ERR", StringComparison.Ordinal), refused);
        if (!refused)
            Assert.Equal(Recorded(expected), Final(readings.ConvertAll(reading => reading.Result!)));
    }

    private static HydraValue Recorded(string expected)
    {
        foreach (var type in new[] { "str ", "int ", "float ", "bool ", "NoneType " })
        {
            if (expected.StartsWith(type, StringComparison.Ordinal))
                return PythonLiteral.Read(expected[type.Length..]);
        }

        return PythonLiteral.Read(expected);
    }

    /// <summary>The value of the key that the last item names, put together where it is a dict.</summary>
    private static HydraValue Final(List<Assignment> assignments)
    {
        var key = assignments[^1].Key;
        var config = new ComposedConfig(Table, assignments);
        var value = config.Get(key);
        if (value is HydraValue.Text { Value: "???" })
            return new HydraValue.Null();
        if (value is not null)
            return value;
        string[] names = ["a", "b", "z", "a b", "a.b", "a:b"];
        var members = names
            .Select(name => (Name: name, Value: config.Get($"{key}.{name}")))
            .Where(member => member.Value is not null)
            .ToDictionary(member => member.Name, member => member.Value!, StringComparer.Ordinal);
        return members.Count > 0 ? new HydraValue.Mapping(members) : assignments[^1].Sign is AssignmentSign.Delete ? new HydraValue.Null() : new HydraValue.Text("nothing");
    }
}
