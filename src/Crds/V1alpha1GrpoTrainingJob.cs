using k8s;
using k8s.Models;

namespace GrpoOperator.Crds;

/// <summary>One GRPO training run: what the user asked for and how far it has come.</summary>
/// <remarks>The constants are named as in the models of the Kubernetes client.</remarks>
[KubernetesEntity(Group = KubeGroup, ApiVersion = KubeApiVersion, Kind = KubeKind, PluralName = KubePluralName)]
public sealed class V1alpha1GrpoTrainingJob :
    IKubernetesObject<V1ObjectMeta>, ISpec<GrpoTrainingJobSpec>, IStatus<GrpoTrainingJobStatus?>
{
    /// <summary>API group.</summary>
    public const string KubeGroup = "grpo-operator.dev";

    /// <summary>API version inside the group.</summary>
    public const string KubeApiVersion = "v1alpha1";

    /// <summary>Group and version as they stand in <c>apiVersion</c>.</summary>
    public const string KubeGroupVersion = KubeGroup + "/" + KubeApiVersion;

    /// <summary>Kind.</summary>
    public const string KubeKind = "GrpoTrainingJob";

    /// <summary>Plural, as it stands in URLs.</summary>
    public const string KubePluralName = "grpotrainingjobs";

    /// <inheritdoc/>
    public string ApiVersion { get; set; } = KubeGroupVersion;

    /// <inheritdoc/>
    public string Kind { get; set; } = KubeKind;

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <inheritdoc/>
    public required GrpoTrainingJobSpec Spec { get; set; }

    /// <summary>Written by the operator only; null until its first write.</summary>
    public GrpoTrainingJobStatus? Status { get; set; }
}
