using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace GrpoOperator.KubeRuntime.Abstractions;

/// <summary>Base of an entity: a custom resource as a class. The resource is named by <see cref="KubernetesEntityAttribute"/>.</summary>
public abstract class CustomKubernetesEntity<TSpec, TStatus> : KubernetesObject, IKubernetesObject<V1ObjectMeta>
    where TSpec : new()
    where TStatus : new()
{
    /// <inheritdoc/>
    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What the user asks for.</summary>
    [JsonPropertyName("spec")]
    public TSpec Spec { get; set; } = new();

    /// <summary>What the operator has seen.</summary>
    [JsonPropertyName("status")]
    public TStatus Status { get; set; } = new();
}
