using System.Text.Json;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Operator.Cli.Manifests;

/// <summary>One Kubernetes object of a file: a document, or an item of a list.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Document">The document that it stands in.</param>
/// <param name="Path">Its place in the document; empty for the document itself.</param>
/// <param name="Root">Its content.</param>
internal sealed record Manifest(string File, YamlDocument Document, string Path, JsonElement Root)
{
    /// <summary>The objects of a file, in order.</summary>
    /// <exception cref="YamlReadException">The text is no YAML, or is refused.</exception>
    public static IReadOnlyList<Manifest> Read(string file, string text) =>
        [.. KubectlYaml.Read(text).SelectMany(document => new Manifest(file, document, "", document.Root).Unlisted())];

    /// <summary><c>apiVersion</c>; null when it isn't there.</summary>
    public string? ApiVersion => Text(Root, "apiVersion");

    /// <summary><c>kind</c>; null when it isn't there.</summary>
    public string? Kind => Text(Root, "kind");

    /// <summary><c>metadata.name</c>, or what a server would make of <c>generateName</c>; empty when it has neither.</summary>
    public string Name => Metadata("name") ?? (Metadata("generateName") is { } prefix ? prefix + "xxxxx" : "");

    /// <summary><c>metadata.namespace</c>; null when it names none.</summary>
    public string? Namespace => Metadata("namespace") is { Length: > 0 } given ? given : null;

    /// <summary>A member of the metadata that is a text.</summary>
    public string? Metadata(string member) => Root.ValueKind == JsonValueKind.Object && Root.TryGetProperty("metadata", out var metadata) ? Text(metadata, member) : null;

    /// <summary>Where a value of the object stands in the file.</summary>
    public YamlPosition PositionOf(string path) => Document.PositionOf(InDocument(path));

    /// <summary>How a scalar of the object was written; null when there is none.</summary>
    public string? SourceOf(string path) => Document.SourceOf(InDocument(path));

    private string InDocument(string path) => Path.Length == 0 || path.Length == 0 ? Path + path : $"{Path}.{path}";

    /// <summary>A list's items: <c>kubectl get -o yaml</c> writes several objects so.</summary>
    private IEnumerable<Manifest> Unlisted() =>
        Kind is { } kind && kind.EndsWith("List", StringComparison.Ordinal) && Root.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray().Select((item, at) => this with { Path = $"items[{at}]", Root = item })
            : [this];

    private static string? Text(JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
