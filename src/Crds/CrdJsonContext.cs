using System.Text.Json;
using System.Text.Json.Serialization;

namespace GrpoOperator.Crds;

/// <summary>JSON of the API as the server speaks it: unknown members are skipped, since a newer server may know more fields.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    Converters = [typeof(KubernetesTimeConverter)])]
[JsonSerializable(typeof(V1alpha1GrpoTrainingJob))]
[JsonSerializable(typeof(GrpoTrainingJobSpec))]
[JsonSerializable(typeof(GrpoTrainingJobStatus))]
[JsonSerializable(typeof(JsonElement))]
public sealed partial class CrdJsonContext : JsonSerializerContext;
