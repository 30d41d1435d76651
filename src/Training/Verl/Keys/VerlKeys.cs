using System.Collections.Concurrent;
using System.Reflection;

namespace GrpoOperator.Training.Verl.Keys;

/// <summary>The measured configurations of verl, read from the assembly's own data when first asked for.</summary>
public static class VerlKeys
{
    private const int LeadingColumns = 3;

    private static readonly ConcurrentDictionary<(VerlRelease Release, ConfigRoot Root), KeyTable> Tables = new();
    private static readonly Lazy<string[][]> Keys = new(() => Rows("keys.tsv"));
    private static readonly Lazy<string[][]> Interpolations = new(() => Rows("interpolations.tsv"));
    private static readonly Lazy<string[][]> Groups = new(() => Rows("groups.tsv"));

    /// <summary>The keys of <paramref name="release"/> when composed from <paramref name="root"/>.</summary>
    public static KeyTable Table(VerlRelease release, ConfigRoot root) =>
        Tables.GetOrAdd((release, root), static at => Build(at.Release, at.Root));

    private static KeyTable Build(VerlRelease release, ConfigRoot root)
    {
        var letter = root is ConfigRoot.Megatron ? 'M' : 'F';
        var interpolations = Interpolations.Value
            .Where(row => row[1].Contains(letter, StringComparison.Ordinal) && row[2].Split(',').Contains(release.Name))
            .ToDictionary(row => row[0], row => row[3], StringComparer.Ordinal);
        var entries =
            from row in Keys.Value
            where row[1].Contains(letter, StringComparison.Ordinal)
            let json = Resolve(row, release.Column)
            where json is not "-"
            select new KeyEntry(row[0], Type(row[2], json), json, interpolations.GetValueOrDefault(row[0]));
        var groups = Groups.Value.ToDictionary(
            row => row[0], row => row[1 + release.Column].Contains(letter, StringComparison.Ordinal), StringComparer.Ordinal);
        return new KeyTable(entries, groups);
    }

    private static string Resolve(string[] row, int column)
    {
        var at = LeadingColumns + column;
        while (row[at] is "=")
            at--;
        return row[at];
    }

    // A key whose default is null in some releases only is listed with the type of the others.
    private static KeyType Type(string name, string json) => json switch
    {
        "null" => KeyType.Null,
        "???" => KeyType.Missing,
        _ => name switch
        {
            "bool" => KeyType.Bool,
            "int" => KeyType.Int,
            "float" => KeyType.Float,
            "str" => KeyType.Str,
            "list" => KeyType.List,
            "dict" => KeyType.Dict,
            _ => KeyType.Null,
        },
    };

    /// <summary>The cells of a table, comments and column names left out.</summary>
    private static string[][] Rows(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"keys/{name}")
            ?? throw new InvalidOperationException($"the assembly lacks its table {name}");
        using var reader = new StreamReader(stream);
        return
        [
            .. reader.ReadToEnd()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !line.StartsWith('#'))
                .Skip(1)
                .Select(line => line.Split('\t')),
        ];
    }
}
