using GrpoOperator.Crds;
using GrpoOperator.KubeRuntime.Api;

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
            IsServedAsync,
            TimeSpan.FromSeconds(30), "GrpoTrainingJobs are served");
    }

    private static async Task<bool> IsServedAsync()
    {
        try
        {
            await TestCluster.Api.GetPathAsync($"apis/{V1alpha1GrpoTrainingJob.KubeGroup}/{V1alpha1GrpoTrainingJob.KubeApiVersion}/{V1alpha1GrpoTrainingJob.KubePluralName}", TestContext.Current.CancellationToken);
            return true;
        }
        catch (KubeApiException exception) when (exception.IsNotFound)
        {
            return false;
        }
    }
}
