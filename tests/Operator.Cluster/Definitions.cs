using GrpoOperator.Crds;

namespace GrpoOperator.Operator.Cluster;

/// <summary>Puts the CustomResourceDefinition into the cluster, once a test run.</summary>
internal static class Definitions
{
    private static readonly Once Installed = new(PutAsync);

    public static Task InstallAsync() => Installed.DoAsync();

    private static async Task PutAsync()
    {
        // The form without CEL rules: this cluster's API server is older than they are.
        await Programs.RunAsync("kubectl", ["--kubeconfig", TestCluster.Kubeconfig, "apply", "-f", RepositoryFiles.PathOf("charts", "grpo-operator", "crd-forms", "plain.yaml")]);
        // "kubectl wait" gives up on a definition that has no conditions yet, as it is in its first moments: what the API serves is asked for.
        await Eventually.BeTrueAsync(
            () => Kube.IsServedAsync($"apis/{V1alpha1GrpoTrainingJob.KubeGroup}/{V1alpha1GrpoTrainingJob.KubeApiVersion}/{V1alpha1GrpoTrainingJob.KubePluralName}"),
            TimeSpan.FromSeconds(30), "GrpoTrainingJobs are served");
    }
}
