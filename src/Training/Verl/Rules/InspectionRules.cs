using System.Collections.Frozen;
using System.Text.Json;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>Names of what the inspection finds by itself, in its pod (<c>inspection-rules.json</c>, held against its sources by their tests).</summary>
public static class InspectionRules
{
    private static readonly Lazy<FrozenSet<string>> Known = new(Load);

    /// <summary>Every name.</summary>
    public static IReadOnlyCollection<string> Names => Known.Value;

    // The name of a rule about a path is what the path is, followed by what is wrong with it.
    private static FrozenSet<string> Load()
    {
        using var stream = typeof(InspectionRules).Assembly.GetManifestResourceStream("rules/inspection-rules.json")
            ?? throw new InvalidOperationException("inspection-rules.json is not embedded.");
        using var document = JsonDocument.Parse(stream);
        IEnumerable<string> NamesOf(string part) => document.RootElement.GetProperty(part).EnumerateObject().Select(member => member.Name);
        var ofPaths = from subject in NamesOf("subjects") from kind in NamesOf("kinds") select subject + kind;
        return ofPaths.Concat(NamesOf("rules")).ToFrozenSet(StringComparer.Ordinal);
    }
}
