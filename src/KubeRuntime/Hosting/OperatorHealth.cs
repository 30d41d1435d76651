using System.Collections.Immutable;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.KubeRuntime.Leadership;
using GrpoOperator.KubeRuntime.Queue;

namespace GrpoOperator.KubeRuntime.Hosting;

/// <summary>What a probe is answered: nothing wrong, or what is.</summary>
public sealed record HealthReport(ImmutableArray<string> Problems)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsHealthy => Problems.IsEmpty;
}

/// <summary>Answers the probes of the pod that the operator runs in.</summary>
public sealed class OperatorHealth(
    IEnumerable<IInformer> informers, IEnumerable<Controller> controllers, KubeConnection connection, LeaderElector? elector = null)
{
    /// <summary>So many failures of trust in a row are no accident.</summary>
    private const int Distrust = 20;

    private readonly ImmutableArray<IInformer> _informers = [.. informers];
    private readonly ImmutableArray<Controller> _controllers = [.. controllers];

    /// <summary>Set once the process is on its way out.</summary>
    public bool IsStopping { get; set; }

    /// <summary><c>/healthz</c>: whether a new process would do better than this one.</summary>
    public HealthReport Live() => new([.. LifeProblems()]);

    /// <summary><c>/readyz</c>: whether the caches are filled. A standby is ready too, or a rolling update would wait for it for ever.</summary>
    public HealthReport Ready() => new([.. ReadyProblems()]);

    private IEnumerable<string> LifeProblems()
    {
        foreach (var controller in _controllers.Where(controller => controller.LongestRunning > controller.StuckAfter))
            yield return $"{controller.Name}: a reconcile is stuck for {controller.LongestRunning.TotalSeconds:0} s";
        if (elector is { Hangs: true })
            yield return "the leader election hangs";
        if (connection.TrustFailures.InARow >= Distrust)
            yield return "the API server and this process don't trust each other (was a certificate or token replaced?)";
    }

    private IEnumerable<string> ReadyProblems()
    {
        if (IsStopping)
            yield return "stopping";
        foreach (var informer in _informers.Where(informer => !informer.Synced.IsCompleted || (informer.IsRequired && IsAbsent(informer))))
            yield return $"{informer.Name}: {informer.Availability}";
    }

    private static bool IsAbsent(IInformer informer) => informer.Availability is Availability.Forbidden or Availability.NotServed;
}
