using System.Text.Json;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Crds.Schema;

/// <summary>
/// The schema of the embedded CRD, and the server's structural checks without a server: types, required and unknown fields,
/// enums, patterns, bounds, list keys. Rules that relate fields to each other are not checked here.
/// </summary>
public static class CrdSchema
{
    // A CRD may not describe metadata: the server has one schema for that of every object.
    private static readonly JsonElement MetadataSchema = KubectlYaml.ReadSingle("""
        type: object
        properties:
          name: {type: string}
          generateName: {type: string}
          namespace: {type: string}
          labels: {type: object, additionalProperties: {type: string}}
          annotations: {type: object, additionalProperties: {type: string}}
          finalizers: {type: array, items: {type: string}}
          ownerReferences: {type: array, items: {type: object, x-kubernetes-preserve-unknown-fields: true}}
          managedFields: {type: array, items: {type: object, x-kubernetes-preserve-unknown-fields: true}}
          uid: {type: string}
          resourceVersion: {type: string}
          generation: {type: integer}
          creationTimestamp: {type: string}
          deletionTimestamp: {type: string}
          deletionGracePeriodSeconds: {type: integer}
          selfLink: {type: string}
        """).Root;

    /// <summary>Schema of a whole GrpoTrainingJob, <c>openAPIV3Schema</c>.</summary>
    public static JsonElement Root { get; } = KubectlYaml.ReadSingle(CrdForms.WithCel).Root
        .GetProperty("spec").GetProperty("versions")[0].GetProperty("schema").GetProperty("openAPIV3Schema");

    /// <summary>
    /// Everything in an object that the schema doesn't allow, in the object's order but for metadata, which comes last; at most
    /// a hundred, and none when it fits.
    /// </summary>
    /// <param name="value">The object.</param>
    /// <param name="written">How the scalar at a path was written, where that is known: <c>on</c> rather than true.</param>
    public static IReadOnlyList<SchemaViolation> Check(JsonElement value, Func<string, string?>? written = null)
    {
        var check = new SchemaCheck(written ?? (_ => null));
        check.Value(value, Root, "");
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("metadata", out var metadata))
            check.Value(metadata, MetadataSchema, "metadata");
        return check.Violations;
    }
}
