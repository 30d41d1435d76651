using System.Collections.Concurrent;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Reconcile;

/// <summary>The newest reading of each job's console, in memory only: a new leader reads the console again.</summary>
internal sealed class ConsoleBook
{
    private readonly ConcurrentDictionary<string, ConsoleReading> byJob = new(StringComparer.Ordinal);

    /// <summary>The job's reading, or null.</summary>
    public ConsoleReading? Of(string jobUid) => byJob.GetValueOrDefault(jobUid);

    /// <summary>Called with the job's key when a reading brought something new.</summary>
    public Action<NamespacedName>? OnNews { get; set; }

    /// <summary>Notes a reading.</summary>
    /// <param name="job">The job's key.</param>
    /// <param name="jobUid">The job's uid.</param>
    /// <param name="reading">What was read.</param>
    /// <param name="news">Whether it shows something new; that it was read at all is none.</param>
    public void Note(NamespacedName job, string jobUid, ConsoleReading reading, bool news)
    {
        byJob[jobUid] = reading;
        if (news) OnNews?.Invoke(job);
    }

    /// <summary>The job is gone.</summary>
    public void Forget(string jobUid) => byJob.TryRemove(jobUid, out _);
}
