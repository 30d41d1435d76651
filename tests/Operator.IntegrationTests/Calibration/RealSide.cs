using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Operator.Cluster;
using GrpoOperator.Operator.Reconcile;

namespace GrpoOperator.Operator.IntegrationTests.Calibration;

/// <summary>The real API server with the real controllers; only kubelets are played, on a node that nobody runs.</summary>
internal sealed class RealSide(TestNamespace @namespace) : Side(TestCluster.Api, @namespace.Name), IAsyncDisposable
{
    /// <summary>Takes away the pods, whose end no kubelet would ever confirm: the namespace would hang on them.</summary>
    public async ValueTask DisposeAsync()
    {
        await Kube.DeleteAsync(Resources.TrainingJobs, Namespace, JobName);
        foreach (var kind in (ApiResource[])[ApiResources.StatefulSets, ApiResources.Jobs])
        {
            foreach (var left in await AllAsync(kind)) await Kube.DeleteAsync(kind, Namespace, Kube.Text(left, "metadata", "name")!);
        }

        await Eventually.BeTrueAsync(
            async () =>
            {
                foreach (var pod in await AllAsync(ApiResources.Pods)) await Kube.DeleteAsync(ApiResources.Pods, Namespace, Kube.Text(pod, "metadata", "name")!, graceSeconds: 0);
                return (await AllAsync(ApiResources.Pods)).Count == 0;
            },
            TimeSpan.FromSeconds(30), "no pod is left");
    }

    protected override Task<IReadOnlyList<JsonObject>> AllAsync(ApiResource kind) =>
        // Kubernetes puts a ConfigMap into every namespace.
        Kube.ListAsync(kind, Namespace, kind == Resources.TrainingJobs ? null : Training.Labels.JobUid);

    protected override Task MakeJobAsync(JsonObject job) => Kube.CreateAsync(Resources.TrainingJobs, Namespace, job);

    protected override Task ChangeSpecAsync(int to) =>
        Kube.PatchAsync(Resources.TrainingJobs, Namespace, JobName, new JsonObject { ["spec"] = new JsonObject { ["ttlSecondsAfterFinished"] = to } });

    protected override async Task BindAsync(JsonObject pod)
    {
        await ByHand.BeatAsync();
        await ByHand.BindAsync(Namespace, Kube.Text(pod, "metadata", "name")!);
    }

    protected override Task EvictAsync(JsonObject pod) => ByHand.TellAsync(Namespace, pod, ByHand.Ended(137, "evicted"), "Failed", ready: false);

    protected override async Task EndAsync(JsonObject pod, bool well)
    {
        if (Kube.At(pod, "spec", "nodeName") is null) await BindAsync(pod);
        await ByHand.TellAsync(Namespace, pod, ByHand.Ended(well ? 0 : 1, "over"), well ? "Succeeded" : "Failed", ready: false);
    }

    protected override bool IsSealed(JsonObject pod) => Portrait.HasSeal(pod["spec"]);
}
