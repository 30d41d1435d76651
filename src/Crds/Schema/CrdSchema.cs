using System.Text.Json;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Crds.Schema;

/// <summary>
/// The schema of the embedded CRD, and the server's structural checks without a server: types, required and unknown fields,
/// enums, patterns, bounds, list keys. Rules that relate fields to each other are not checked here.
/// </summary>
public static class CrdSchema
{
    /// <summary>Schema of a whole GrpoTrainingJob, <c>openAPIV3Schema</c>.</summary>
    public static JsonElement Root { get; } = KubectlYaml.ReadSingle(CrdForms.WithCel).Root
        .GetProperty("spec").GetProperty("versions")[0].GetProperty("schema").GetProperty("openAPIV3Schema");

    /// <summary>Everything in an object that the schema doesn't allow, in the object's order; empty when it fits.</summary>
    public static IReadOnlyList<SchemaViolation> Check(JsonElement value)
    {
        var check = new SchemaCheck();
        check.Value(value, Root, "");
        return check.Violations;
    }
}
