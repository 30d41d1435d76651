using System.Text.Json;

namespace GrpoOperator.Crds.Yaml;

/// <summary>A place in a text; both numbers count from 1.</summary>
public sealed record YamlPosition(long Line, long Column);

/// <summary>One document of a YAML text, as JSON.</summary>
/// <param name="Root">Its content.</param>
/// <param name="Positions">Where each value stands, by its path such as <c>spec.env[0].name</c>; the root is the empty path.</param>
public sealed record YamlDocument(JsonElement Root, IReadOnlyDictionary<string, YamlPosition> Positions);
