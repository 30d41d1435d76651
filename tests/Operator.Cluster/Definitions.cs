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
        await TestCluster.KubectlAsync("wait", "--for=condition=Established", $"crd/{V1alpha1GrpoTrainingJob.KubePluralName}.{V1alpha1GrpoTrainingJob.KubeGroup}", "--timeout=30s");
    }
}
