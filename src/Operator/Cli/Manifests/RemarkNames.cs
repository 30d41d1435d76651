namespace GrpoOperator.Operator.Cli.Manifests;

/// <summary>Names of what is found before any rule about a job is asked.</summary>
internal static class RemarkNames
{
    /// <summary>A text is no YAML, or hurts.</summary>
    public const string Yaml = "Yaml";

    /// <summary>A document is no Kubernetes object, or one that looks like ours and isn't.</summary>
    public const string Kind = "Kind";

    /// <summary>A field that the API doesn't have.</summary>
    public const string UnknownField = "UnknownField";

    /// <summary>A value that the API's schema refuses, or one that is missing.</summary>
    public const string Schema = "Schema";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Yaml, Kind, UnknownField, Schema];
}
