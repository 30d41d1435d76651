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
/// <param name="key">Its full dotted name.</param>
/// <param name="type">Type of the default.</param>
/// <param name="json">The resolved default as JSON; <c>???</c> for <see cref="KeyType.Missing"/>.</param>
/// <param name="interpolation">The default's text when it is an interpolation; null otherwise.</param>
public sealed class KeyEntry(string key, KeyType type, string json, string? interpolation)
{
    private readonly Lazy<HydraValue?> _default = new(() => type is KeyType.Missing ? null : Read(json));

    /// <summary>Its full dotted name.</summary>
    public string Key => key;

    /// <summary>Type of the default.</summary>
    public KeyType Type => type;

    /// <summary>The default's text when it is an interpolation; null otherwise.</summary>
    public string? Interpolation => interpolation;

    /// <summary>The resolved default, as Hydra would read it; null for <see cref="KeyType.Missing"/>.</summary>
    public HydraValue? Default => _default.Value;

    /// <summary>True when <c>+key=value</c> works: the default is null or missing.</summary>
    public bool IsOpen => Default is null or HydraValue.Null;

    private static HydraValue Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return HydraJson.Value(document.RootElement);
    }
}
