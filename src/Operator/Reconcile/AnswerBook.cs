using System.Collections.Concurrent;
using System.Collections.Immutable;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Reconcile;

/// <summary>
/// Answers and refusals by job uid, in memory only: a new leader starts with an empty book and asks again. Entries go with
/// their job.
/// </summary>
internal sealed class AnswerBook
{
    private readonly ConcurrentDictionary<string, Answers> byJob = new(StringComparer.Ordinal);

    /// <summary>What is known of a job.</summary>
    public Answers Of(string jobUid) => byJob.GetValueOrDefault(jobUid, Answers.None);

    /// <summary>Notes the job's pods as the server listed them.</summary>
    public void Pods(string jobUid, PodsAnswer answer) =>
        byJob.AddOrUpdate(jobUid, _ => new Answers { Pods = answer }, (_, old) => old with { Pods = answer });

    /// <summary>Notes that a pod's main container was seen to end.</summary>
    public void Ended(string jobUid, string podUid) =>
        byJob.AddOrUpdate(
            jobUid,
            _ => new Answers { Ended = ImmutableHashSet.Create(StringComparer.Ordinal, podUid) },
            (_, old) => old.Ended.Contains(podUid) ? old : old with { Ended = old.Ended.ToImmutableHashSet(StringComparer.Ordinal).Add(podUid) });

    /// <summary>Notes how old a node's lease is.</summary>
    public void Lease(string jobUid, string node, LeaseAnswer lease) =>
        byJob.AddOrUpdate(
            jobUid,
            _ => new Answers { Leases = ImmutableDictionary<string, LeaseAnswer>.Empty.Add(node, lease) },
            (_, old) => old with { Leases = old.Leases.ToImmutableDictionary(StringComparer.Ordinal).SetItem(node, lease) });

    /// <summary>Notes a claim's access modes.</summary>
    public void Claim(string jobUid, string claim, IReadOnlyList<string> modes) =>
        byJob.AddOrUpdate(
            jobUid,
            _ => new Answers { Claims = ImmutableDictionary<string, IReadOnlyList<string>>.Empty.Add(claim, modes) },
            (_, old) => old with { Claims = old.Claims.ToImmutableDictionary(StringComparer.Ordinal).SetItem(claim, modes) });

    /// <summary>Notes what the API server left out of the pod template.</summary>
    public void Dropped(string jobUid, IReadOnlyList<string> fields)
    {
        if (fields.Count > 0 || Of(jobUid).DroppedFields.Count > 0)
            byJob.AddOrUpdate(jobUid, _ => new Answers { DroppedFields = fields }, (_, old) => old with { DroppedFields = fields });
    }

    /// <summary>Notes what became of a PodGroup.</summary>
    public void PodGroup(string jobUid, PodGroupAnswer answer) =>
        byJob.AddOrUpdate(jobUid, _ => new Answers { PodGroup = answer }, (_, old) => old with { PodGroup = answer });

    /// <summary>Notes a refused create; it stands until <see cref="Made"/>.</summary>
    public void Refused(string jobUid, ChildKind kind, RefusedWrite refusal) =>
        byJob.AddOrUpdate(
            jobUid,
            _ => new Answers { Refused = ImmutableDictionary<ChildKind, RefusedWrite>.Empty.Add(kind, refusal) },
            (_, old) => old with { Refused = old.Refused.ToImmutableDictionary().SetItem(kind, refusal) });

    /// <summary>The child was made: an earlier refusal is over.</summary>
    public void Made(string jobUid, ChildKind kind)
    {
        if (Of(jobUid).Refused.ContainsKey(kind))
            byJob.AddOrUpdate(jobUid, _ => Answers.None, (_, old) => old with { Refused = old.Refused.ToImmutableDictionary().Remove(kind) });
    }

    /// <summary>The job is gone.</summary>
    public void Forget(string jobUid) => byJob.TryRemove(jobUid, out _);
}
