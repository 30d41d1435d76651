using GrpoOperator.KubeRuntime;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.Operator.Cluster;

/// <summary>The cluster that the tests were given: <c>hack/test</c> makes one and says so in the environment.</summary>
internal static class TestCluster
{
    /// <summary>Why a test that needs a cluster is skipped.</summary>
    public const string Missing = "no cluster: GRPO_TEST_KUBECONFIG and GRPO_TEST_CLUSTER (a cluster of hack/cluster) are not set";

    private static readonly Lazy<KubeConnection> Admin = new(() => new KubeConnection(KubeConnection.Configuration(Kubeconfig), TimeProvider.System, NoMetrics.Instance));

    /// <summary>Whether there is one.</summary>
    public static bool IsGiven => Kubeconfig.Length > 0 && Name.Length > 0;

    /// <summary>The operator's image, when it is in the cluster; else empty.</summary>
    public static string OperatorImage { get; } = Environment.GetEnvironmentVariable("GRPO_TEST_OPERATOR_IMAGE") ?? string.Empty;

    /// <summary>Whether the operator can be installed from its image.</summary>
    public static bool HasOperatorImage => IsGiven && OperatorImage.Length > 0;

    /// <summary>The administrator's kubeconfig.</summary>
    public static string Kubeconfig { get; } = Environment.GetEnvironmentVariable("GRPO_TEST_KUBECONFIG") ?? string.Empty;

    /// <summary>The cluster's name, as hack/cluster takes it.</summary>
    public static string Name { get; } = Environment.GetEnvironmentVariable("GRPO_TEST_CLUSTER") ?? string.Empty;

    /// <summary>The API server, with an administrator's rights.</summary>
    public static IKubeApi Api => Admin.Value.Requests;

    /// <summary>The API server's own record of writes.</summary>
    public static string AuditLogFile => Path.Combine(Path.GetDirectoryName(Kubeconfig)!, "audit.log");

    /// <summary>The folder that holds the shared volumes, as NAMESPACE/CLAIM.</summary>
    public static string SharedFolder => Path.Combine(Path.GetDirectoryName(Kubeconfig)!, "shared");

    /// <summary>Runs a command of hack/cluster on this cluster.</summary>
    public static Task<string> CommandAsync(params string[] arguments) => Programs.RunAsync(RepositoryFiles.PathOf("hack", "cluster"), [arguments[0], "--name", Name, .. arguments[1..]]);

    /// <summary>kubectl, as the administrator.</summary>
    public static Task<string> KubectlAsync(params string[] arguments) => Programs.RunAsync("kubectl", ["--kubeconfig", Kubeconfig, .. arguments]);
}
