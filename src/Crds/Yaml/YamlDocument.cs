using System.Text.Json;

namespace GrpoOperator.Crds.Yaml;

/// <summary>A place in a text; both numbers count from 1.</summary>
public sealed record YamlPosition(long Line, long Column);

/// <summary>One document of a YAML text, as JSON.</summary>
public sealed class YamlDocument
{
    private readonly YamlNode node;

    internal YamlDocument(JsonElement root, YamlNode node)
    {
        Root = root;
        this.node = node;
    }

    /// <summary>Its content.</summary>
    public JsonElement Root { get; }

    /// <summary>
    /// Where the value at a path such as <c>spec.env[0].name</c> stands; the root is the empty path. Of a value that isn't
    /// there, where what should hold it stands. Found when asked for: a text could make all paths together any amount longer
    /// than itself.
    /// </summary>
    public YamlPosition PositionOf(string path) => Nearest(path, out _).Position;

    /// <summary>The scalar at a path as it was written, such as <c>on</c> where it reads as true; null when there is none.</summary>
    public string? SourceOf(string path) => Nearest(path, out var isThere) is YamlScalar scalar && isThere ? scalar.Source : null;

    private YamlNode Nearest(string path, out bool isThere)
    {
        var at = node;
        var rest = path.AsSpan();
        while (!rest.IsEmpty && at.Step(ref rest) is { } next)
            at = next;
        isThere = rest.IsEmpty;
        return at;
    }
}
