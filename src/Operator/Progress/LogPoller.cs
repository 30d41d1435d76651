using System.Collections.Concurrent;
using System.Text;
using System.Threading.RateLimiting;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Leadership;
using GrpoOperator.Operator.Reconcile;
using GrpoOperator.Training;
using GrpoOperator.Training.Verl;

namespace GrpoOperator.Operator.Progress;

/// <summary>
/// Reads rank 0's console of every running job, by short reads rather than open streams: a hundred jobs cost a few
/// requests a second, and a broken connection costs one read. Only the leader reads.
/// </summary>
internal sealed class LogPoller(IKubeReader reader, ConsoleBook consoles, Timings timings, TimeProvider time) : ILeaderTask, IDisposable
{
    private const long LimitBytes = 1 << 20;
    private const int FirstLines = 2000;
    private const int InFlight = 16;
    private const int PerSecond = 20;

    private readonly ConcurrentDictionary<NamespacedName, Followed> followed = new();
    private readonly SemaphoreSlim slots = new(InFlight);
    private readonly TokenBucketRateLimiter rate = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = PerSecond,
        TokensPerPeriod = PerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = int.MaxValue,
        AutoReplenishment = true,
    });

    /// <summary>Follows a job's console from now on; null ends it.</summary>
    public void Follow(NamespacedName job, string jobUid, ConsoleSource? source)
    {
        if (source is null)
            followed.TryRemove(job, out _);
        else
            followed.AddOrUpdate(job, _ => new Followed(jobUid, source), (_, old) => old.Goes(source) ? old : new Followed(jobUid, source));
    }

    /// <summary>Reads until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(Math.Min(1, timings.ConsoleMin / 5)), time);
        while (await tick.WaitForNextTickAsync(cancellationToken))
        {
            var now = time.GetUtcNow();
            foreach (var (job, entry) in followed.Where(pair => pair.Value.IsDue(now, timings)).OrderBy(pair => pair.Value.ReadAt))
            {
                if (!await slots.WaitAsync(0, cancellationToken)) break;
                entry.Reading = true;
                _ = ReadThenReleaseAsync(job, entry, now, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        slots.Dispose();
        rate.Dispose();
    }

    private async Task ReadThenReleaseAsync(NamespacedName job, Followed entry, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            using var lease = await rate.AcquireAsync(1, cancellationToken);
            await ReadAsync(job, entry, now, cancellationToken);
        }
        catch (KubeApiException)
        {
            Unreadable(job, entry, now);
        }
        catch (OperationCanceledException)
        {
            // The leader stops.
        }
        finally
        {
            entry.ReadAt = now;
            entry.Reading = false;
            slots.Release();
        }
    }

    private async Task ReadAsync(NamespacedName job, Followed entry, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // One second of overlap: the server's clock and ours may differ in the last digit, and reading twice is harmless.
        var request = new PodLogRequest(
            Names.TrainerContainer,
            SinceTime: entry.LogRead?.AddSeconds(-1),
            LimitBytes: LimitBytes,
            TailLines: entry.LogRead is null ? FirstLines : null);
        var answer = await reader.ReadPodLogAsync(new NamespacedName(job.Namespace, entry.Source.PodName), request, cancellationToken);
        var first = entry.LogRead is null;
        entry.LogRead = answer.ServerTime ?? now;
        var before = Known(entry);
        var text = Encoding.UTF8.GetString(answer.Body.Span);
        var at = now.UtcDateTime.WholeSeconds();
        var after = ConsoleLog.Read(before, text, at);
        var news = before.UnreadableSince is not null || !(ReferenceEquals(before, after) || after == before);
        consoles.Note(job, entry.JobUid, after.ReadUpTo(at, first, IsWhole(first, answer.Body.Length, text)), news);
    }

    private ConsoleReading Known(Followed entry) =>
        consoles.Of(entry.JobUid) is { } known && known.PodUid == entry.Source.PodUid ? known : new ConsoleReading { PodUid = entry.Source.PodUid };

    /// <summary>A console that can't be read says nothing; that nobody can tell is news once.</summary>
    private void Unreadable(NamespacedName job, Followed entry, DateTimeOffset now)
    {
        var known = Known(entry);
        if (known.UnreadableSince is null) consoles.Note(job, entry.JobUid, known.Unread(now.UtcDateTime.WholeSeconds()), news: true);
    }

    /// <summary>Whether the answer holds all that was asked for: the server cuts at the limits.</summary>
    private static bool IsWhole(bool first, int bytes, string text) => bytes < LimitBytes && !(first && text.AsSpan().Count('\n') >= FirstLines);

    /// <summary>A console that is being followed.</summary>
    private sealed class Followed(string jobUid, ConsoleSource source)
    {
        public string JobUid { get; } = jobUid;

        public ConsoleSource Source { get; private set; } = source;

        /// <summary>When it was last read, successfully or not.</summary>
        public DateTimeOffset ReadAt { get; set; }

        /// <summary>The server's time of the last successful read: the next read begins there.</summary>
        public DateTimeOffset? LogRead { get; set; }

        /// <summary>A read is under way.</summary>
        public bool Reading { get; set; }

        /// <summary>Takes a newer description of the same pod's console; false when it is another pod's.</summary>
        public bool Goes(ConsoleSource newer)
        {
            if (newer.PodUid != Source.PodUid) return false;
            Source = newer;
            return true;
        }

        /// <summary>A quarter of a step, between the shortest and the longest period.</summary>
        public bool IsDue(DateTimeOffset now, Timings timings) =>
            !Reading && now - ReadAt >= TimeSpan.FromSeconds(Math.Clamp((Source.StepSeconds ?? 0) / 4, timings.ConsoleMin, timings.ConsoleMax));
    }
}
