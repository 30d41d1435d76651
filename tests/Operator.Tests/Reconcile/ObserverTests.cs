using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.Operator.Tests.Reconcile;

/// <summary>Anybody can write labels; only a controller owner makes an object ours.</summary>
public sealed class ObserverTests
{
    private readonly JobCaches caches = Caches.Empty();
    private readonly TrainingJobView job = TrainingJobView.Decode(Recorded.Bytes("trainingjob"))!;
    private readonly Observer observer;

    public ObserverTests()
    {
        observer = new Observer(caches, new AnswerBook(), new ConsoleBook(), new Timings(), new FakeTimeProvider());
        caches.Pods.Apply(ViewDecoders.Pod(Recorded.Bytes("pod"))!);
        caches.Pods.Apply(ViewDecoders.Pod(Recorded.Bytes("inspector-pod"))!);
        caches.StatefulSets.Apply(ViewDecoders.StatefulSet(Recorded.Bytes("statefulset"))!);
        caches.BatchJobs.Apply(ViewDecoders.BatchJob(Recorded.Bytes("job"))!);
        caches.ConfigMaps.Apply(ViewDecoders.ConfigMap(Recorded.Bytes("configmap"))!);
        caches.Services.Apply(ViewDecoders.Service(Recorded.Bytes("service"))!);
        caches.NetworkPolicies.Apply(ViewDecoders.NetworkPolicy(Recorded.Bytes("networkpolicy"))!);
    }

    private Observation Seen => observer.Of(job, new ClusterFacts());

    [Fact]
    public void Everything_that_the_job_owns_is_seen()
    {
        var seen = Seen;
        Assert.Equal(2, seen.Pods.Count);
        Assert.NotNull(seen.StatefulSet);
        Assert.NotNull(seen.LaunchConfig);
        Assert.NotNull(seen.Service);
        Assert.True(seen.NetworkPolicyExists);
        Assert.Equal([ChildKind.InspectionJob], seen.BatchJobs.Keys);
    }

    [Fact]
    public void A_StatefulSet_of_another_owner_is_not_seen_whatever_its_labels()
    {
        caches.StatefulSets.Apply(ViewDecoders.StatefulSet(Recorded.With("statefulset", set =>
        {
            set["metadata"]!["ownerReferences"]![0]!["uid"] = "somebody";
            set["metadata"]!["resourceVersion"] = "99999999";
        }))!);
        Assert.Null(Seen.StatefulSet);
    }

    [Fact]
    public void A_ConfigMap_without_a_controller_is_not_seen()
    {
        caches.ConfigMaps.Apply(ViewDecoders.ConfigMap(Recorded.With("configmap", map =>
        {
            map["metadata"]!["ownerReferences"]![0]!["controller"] = false;
            map["metadata"]!["resourceVersion"] = "99999999";
        }))!);
        Assert.Null(Seen.LaunchConfig);
    }

    [Theory]
    [InlineData("StatefulSet", "other")]
    [InlineData("ReplicaSet", null)]
    [InlineData(null, null)]
    public void A_pod_with_our_labels_and_another_controller_is_a_stranger(string? kind, string? name)
    {
        caches.Pods.Apply(ViewDecoders.Pod(Recorded.With("pod", pod =>
        {
            pod["metadata"]!["name"] = "stranger-0";
            pod["metadata"]!["uid"] = "stranger";
            var owner = pod["metadata"]!["ownerReferences"]![0]!;
            if (kind is null)
                pod["metadata"]!.AsObject().Remove("ownerReferences");
            else
                owner["kind"] = kind;
            if (name is not null) owner["name"] = name;
        }))!);
        Assert.DoesNotContain(Seen.Pods, pod => pod.Uid == "stranger");
    }

    [Fact]
    public void A_pod_of_a_job_of_the_same_name_in_another_namespace_is_a_stranger()
    {
        caches.Pods.Apply(ViewDecoders.Pod(Recorded.With("pod", pod =>
        {
            pod["metadata"]!["namespace"] = "elsewhere";
            pod["metadata"]!["uid"] = "stranger";
        }))!);
        Assert.DoesNotContain(Seen.Pods, pod => pod.Uid == "stranger");
    }

    [Fact]
    public void A_refusal_counts_for_the_object_that_it_names_by_uid()
    {
        var uid = Seen.StatefulSet!.Uid;
        caches.Refusals[0].Apply(ViewDecoders.Refusal(Recorded.Bytes("event"))!);
        Assert.Empty(Seen.PodRefusals);
        caches.Refusals[0].Apply(ViewDecoders.Refusal(Recorded.With("event", json =>
        {
            json["involvedObject"]!["uid"] = uid;
            json["metadata"]!["resourceVersion"] = "99999999";
        }))!);
        Assert.Equal([ChildKind.StatefulSet], Seen.PodRefusals.Keys);
    }
}
