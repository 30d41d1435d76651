using System.Collections.Frozen;
using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>Everything that a child is built from. The same context always gives the same bytes.</summary>
public sealed record ChildContext
{
    /// <summary>Namespace of the job and its children.</summary>
    public required string Namespace { get; init; }

    /// <summary>The job's name.</summary>
    public required string JobName { get; init; }

    /// <summary>The job's uid: controller owner, label, part of every selector.</summary>
    public required string JobUid { get; init; }

    /// <summary>The spec; every rule that is checked before anything is made holds.</summary>
    public required GrpoTrainingJobSpec Spec { get; init; }

    /// <summary>The incarnation that the child is made for, from 1.</summary>
    public int Incarnation { get; init; } = 1;

    /// <summary>The attempt that the gang will be, from 1; only StatefulSet and pods carry it.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Rises when resume or checkpoint directory are changed while suspended.</summary>
    public int ResumeEpoch { get; init; }

    /// <summary>Whether a new rank 0 must wait out an older one that may still live.</summary>
    public bool FenceWait { get; init; }

    /// <summary>Nodes that the gang's pods are kept off.</summary>
    public IReadOnlyList<string> AvoidNodes { get; init; } = [];

    /// <summary>Value of annotation <see cref="Labels.Try"/> on an inspection, data or conversion Job.</summary>
    public string? Try { get; init; }

    /// <summary>Labels of the job; of Kueue's only queue and priority class are passed on.</summary>
    public IReadOnlyDictionary<string, string> JobLabels { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What the inspection found, for defaults that depend on the model.</summary>
    public InspectionStatus? Inspection { get; init; }

    /// <summary>The cluster.</summary>
    public ClusterFacts Cluster { get; init; } = new();

    /// <summary>Waits that are handed to the launcher.</summary>
    public Timings Timings { get; init; } = new();

    /// <summary>The context of an observed job under the status that is being written.</summary>
    public static ChildContext Of(Observation observation, GrpoTrainingJobStatus status, int? @try = null) => new()
    {
        Namespace = observation.Job.Namespace,
        JobName = observation.Job.Name,
        JobUid = observation.Job.Uid,
        Spec = observation.Job.Spec ?? throw new InvalidOperationException("A job without a spec has no children."),
        Incarnation = status.Incarnation,
        Attempt = status.CurrentAttempt?.Number ?? status.AttemptsUsed + 1,
        ResumeEpoch = status.ResumeEpoch,
        FenceWait = status.FenceWait,
        Try = @try is { } n && status.SpecHash is { } hash ? Labels.BatchTry(hash, n) : null,
        JobLabels = observation.Job.Labels,
        Inspection = status.Inspection,
        Cluster = observation.Cluster,
        Timings = observation.Timings,
    };
}
