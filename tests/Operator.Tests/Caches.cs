using GrpoOperator.Operator.Reconcile;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.Operator.Tests;

/// <summary>Empty caches that a test fills itself.</summary>
internal static class Caches
{
    public static JobCaches Empty()
    {
        var time = new FakeTimeProvider();
        var caches = new JobCaches
        {
            Jobs = new(time),
            Pods = new(time),
            StatefulSets = new(time),
            BatchJobs = new(time),
            Services = new(time),
            ConfigMaps = new(time),
            NetworkPolicies = new(time),
            Refusals = [new(time), new(time)],
            ScaleUps = new(time),
            Nodes = new(time),
        };
        caches.AddIndexes();
        return caches;
    }
}
