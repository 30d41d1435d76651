using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Reconcile;

/// <summary>The API resources of a job and its children.</summary>
internal static class Resources
{
    /// <summary>The job itself.</summary>
    public static readonly ApiResource TrainingJobs = new(
        V1alpha1GrpoTrainingJob.KubeGroup, V1alpha1GrpoTrainingJob.KubeApiVersion, V1alpha1GrpoTrainingJob.KubePluralName, V1alpha1GrpoTrainingJob.KubeKind);

    /// <summary>Volcano's PodGroups; Kubernetes has others of that name.</summary>
    public static readonly ApiResource PodGroups = new("scheduling.volcano.sh", "v1beta1", "podgroups", "PodGroup");

    /// <summary>The resource of a child.</summary>
    public static ApiResource Of(ChildKind kind) => kind switch
    {
        ChildKind.LaunchConfig => ApiResources.ConfigMaps,
        ChildKind.Service => ApiResources.Services,
        ChildKind.NetworkPolicy => ApiResources.NetworkPolicies,
        ChildKind.StatefulSet => ApiResources.StatefulSets,
        _ => ApiResources.Jobs,
    };
}
