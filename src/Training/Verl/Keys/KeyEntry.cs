using System.Text.Json;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Verl.Keys;

/// <summary>Type of a key's default.</summary>
public enum KeyType
{
    /// <summary>The default is null: any type will do.</summary>
    Null,

    /// <summary>A boolean.</summary>
    Bool,

    /// <summary>An integer.</summary>
    Int,

    /// <summary>A float.</summary>
    Float,

    /// <summary>A string.</summary>
    Str,

    /// <summary>A list.</summary>
    List,

    /// <summary>A dict that is empty or an interpolation.</summary>
    Dict,

    /// <summary>No default: the key must be given.</summary>
    Missing,
}

/// <summary>One key of verl's configuration, in one release and root.</summary>
/// <param name="Key">Its full dotted name.</param>
/// <param name="Type">Type of the default.</param>
/// <param name="Json">The resolved default as JSON; <c>???</c> for <see cref="KeyType.Missing"/>.</param>
/// <param name="Interpolation">The default's text when it is an interpolation; null otherwise.</param>
public sealed record KeyEntry(string Key, KeyType Type, string Json, string? Interpolation)
{
    /// <summary>True when <c>+key=value</c> works: the default is null or missing.</summary>
    public bool IsOpen => Type is KeyType.Missing || string.Equals(Json, "null", StringComparison.Ordinal);

    /// <summary>The resolved default, as Hydra would read it; null for <see cref="KeyType.Missing"/>.</summary>
    public HydraValue? Default()
    {
        if (Type is KeyType.Missing)
            return null;
        using var document = JsonDocument.Parse(Json);
        return HydraJson.Value(document.RootElement);
    }
}
