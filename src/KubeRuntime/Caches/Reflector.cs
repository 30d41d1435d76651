using System.Diagnostics;
using System.Text.Json;
using GrpoOperator.KubeRuntime.Api;
using Microsoft.Extensions.Logging;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>Keeps one scope of a resource (one namespace, or all) equal to the server, for ever.</summary>
/// <remarks>
/// It is always in one of four states, and a step takes it to the next:
/// <code>
///            first page          last page           watch opened
///   Empty ──────────────▶ Listing ────────▶ Listed ──────────────▶ Watching
///     ▲                   │    ▲ next page   ▲   │                  │    │ ▲ event, bookmark:
///     │     410           │    └──┘          │   │ 410              │    └─┘ version advances
///     └───────────────────┴──────────────────┼───┴──────────────────┤
///                                            └──────────────────────┘ stream ended or broke: goes on from its version
/// </code>
/// <list type="bullet">
/// <item><b>Empty</b> lists from scratch, without a resourceVersion: a consistent read. An expired version is never used again.</item>
/// <item><b>Listing</b> touches the store after the last page only; before that, what isn't listed yet would look deleted.</item>
/// <item><b>Listed</b> has a version to watch from. Any other error leaves it there: the version is still good.</item>
/// <item><b>Watching</b> ends by itself every few minutes, so that a stream that died silently is noticed.</item>
/// </list>
/// Between steps that went wrong it waits, longer each time, with full jitter; a server that ends streams at once is such a case.
/// </remarks>
internal sealed class Reflector<TView>
    where TView : class, IView
{
    private const int PageSize = 500;
    private static readonly TimeSpan HealthyStream = TimeSpan.FromSeconds(5);

    private readonly InformerDefinition<TView> _definition;
    private readonly Scope _scope;
    private readonly IKubeReader _api;
    private readonly Store<TView> _store;
    private readonly TimeProvider _time;
    private readonly Jitter _jitter;
    private readonly IRuntimeMetrics _metrics;
    private readonly ILogger _log;
    private readonly Patience _patience;
    private readonly Patience _slowPatience;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _refusals;

    public Reflector(
        InformerDefinition<TView> definition, string? scopeNamespace, IKubeReader api, Store<TView> store,
        TimeProvider time, Random random, IRuntimeMetrics metrics, ILogger log)
    {
        _definition = definition;
        _scope = new Scope(scopeNamespace, definition.LabelSelector, definition.FieldSelector, definition.MetadataOnly);
        _api = api;
        _store = store;
        _time = time;
        _jitter = new Jitter(random);
        _metrics = metrics;
        _log = log;
        _patience = new Patience(TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(30), time, _jitter.Full);
        _slowPatience = new Patience(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5), time, _jitter.Half);
    }

    /// <summary>Whether the store shows what the server has.</summary>
    public Availability Availability { get; private set; }

    /// <summary>Ends when the scope was listed once, or needn't be.</summary>
    public Task Synced => _synced.Task;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        State state = new State.Empty();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                state = await StepAsync(state, cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (KubeApiException e)
            {
                state = await RecoverAsync(state, e, cancellationToken);
            }
            catch (Exception e)
            {
                // A defect of ours, or an answer that no API server gives. The cache must live on.
                ReflectorLog.Broken(_log, _definition.Name, e);
                state = await RecoverAsync(state, new KubeApiException(0, "Broken", e.Message, inner: e), cancellationToken);
            }
        }

        await CloseAsync(state);
    }

    private Task<State> StepAsync(State state, CancellationToken cancellationToken) => state switch
    {
        State.Empty => ListAsync(new State.Listing(Continue: null, [], []), cancellationToken),
        State.Listing listing => ListAsync(listing, cancellationToken),
        State.Listed listed => OpenAsync(listed, cancellationToken),
        State.Watching watching => ReadAsync(watching, cancellationToken),
        _ => throw new UnreachableException(),
    };

    private async Task<State> ListAsync(State.Listing listing, CancellationToken cancellationToken)
    {
        var page = await _api.ListPageAsync(_definition.Resource, _scope, PageSize, listing.Continue, cancellationToken);
        foreach (var item in page.Items)
        {
            var decoded = Decode(item.Span);
            if (decoded.View is not null)
                listing.Views.Add(decoded.View);
            else if (decoded is { IsUnreadable: true, Meta: { } meta })
                listing.Unreadable.Add(meta.NamespacedName);
        }

        if (page.Continue.Length > 0)
            return listing with { Continue = page.Continue };

        _store.Replace(_scope.Namespace, page.ResourceVersion, listing.Views, listing.Unreadable, initial: !_synced.Task.IsCompleted);
        Availability = Availability.Available;
        _synced.TrySetResult();
        return new State.Listed(page.ResourceVersion);
    }

    private async Task<State> OpenAsync(State.Listed listed, CancellationToken cancellationToken)
    {
        var stream = await _api.WatchAsync(_definition.Resource, _scope, listed.Version, _jitter.Seconds(240, 300), cancellationToken);
        return new State.Watching(listed.Version, stream, _time.GetTimestamp());
    }

    private async Task<State> ReadAsync(State.Watching watching, CancellationToken cancellationToken)
    {
        if (await watching.Stream.ReadAsync(cancellationToken) is not { } frame)
            return await EndAsync(watching, cancellationToken);
        if (frame.Type == WatchFrameType.Error)
            throw StatusReading.ToException(frame.Object.Span);

        _refusals = 0;
        var version = frame.Type == WatchFrameType.Bookmark
            ? ObjectMetaReading.Read(frame.Object.Span).ResourceVersion // Nothing but this is in a bookmark.
            : Take(frame, watching.Version);
        _store.Reached(_scope.Namespace, version);
        return watching with { Version = version };
    }

    /// <summary>Puts an event into the store. Answers the version that is thereby reached.</summary>
    private string Take(WatchFrame frame, string reached)
    {
        var isGone = frame.Type == WatchFrameType.Deleted;
        var decoded = isGone ? new Decoded(null, TryReadMeta(frame.Object.Span), IsUnreadable: false) : Decode(frame.Object.Span);
        var version = decoded.View?.ResourceVersion ?? decoded.Meta?.ResourceVersion;
        if (version is null || ResourceVersions.Number(version) <= ResourceVersions.Number(reached))
            return reached; // Versions only rise along a stream: this one was told before.

        if (decoded.View is not null)
            _store.Apply(decoded.View);
        else if (decoded is { IsUnreadable: false, Meta: { } gone })
            _store.Remove(gone.NamespacedName, gone.Uid); // Deleted, or no longer one of ours.
        return version;
    }

    private Decoded Decode(ReadOnlySpan<byte> json)
    {
        try
        {
            var view = _definition.Decode(json);
            return new Decoded(view, view is null ? TryReadMeta(json) : null, IsUnreadable: false);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            var meta = TryReadMeta(json);
            _metrics.ObjectUndecodable(_definition.Name);
            ReflectorLog.Undecodable(_log, _definition.Name, meta?.NamespacedName, e.Message);
            _definition.OnUndecodable?.Invoke(new Undecodable(_definition.Resource, meta?.NamespacedName ?? default, meta?.Uid ?? "", e.Message));
            return new Decoded(null, meta, IsUnreadable: true);
        }
    }

    private static ObjectMeta? TryReadMeta(ReadOnlySpan<byte> json)
    {
        try
        {
            return ObjectMetaReading.Read(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The server ended the stream, as it does every few minutes.</summary>
    private async Task<State> EndAsync(State.Watching watching, CancellationToken cancellationToken)
    {
        await CloseAsync(watching);
        _metrics.WatchRestarted(_definition.Name, "ended");
        if (_time.GetElapsedTime(watching.OpenedAt) < HealthyStream)
            await WaitAsync(_patience.Next(), cancellationToken);
        return new State.Listed(watching.Version);
    }

    /// <summary>Where an error leads, after a wait.</summary>
    private async Task<State> RecoverAsync(State state, KubeApiException error, CancellationToken cancellationToken)
    {
        await CloseAsync(state);
        var reason = ReasonOf(error);
        ReflectorLog.Trouble(_log, _definition.Name, _scope.Namespace ?? "*", state.GetType().Name, reason, error.Message);
        _metrics.WatchRestarted(_definition.Name, reason);
        var isAbsent = error.IsForbidden || error.IsNotFound;
        if (isAbsent)
        {
            Availability = error.IsForbidden ? Availability.Forbidden : Availability.NotServed;
            if (!_definition.Required)
                _synced.TrySetResult();
        }

        await WaitAsync(Longer(isAbsent ? _slowPatience.Next() : _patience.Next(), error.RetryAfter), cancellationToken);
        var startsOver = error.IsGone || isAbsent || (!error.IsTransient && state is State.Listing) || IsHopeless(state, error);
        return (state, startsOver) switch
        {
            (_, true) => new State.Empty(),
            (State.Watching watching, _) => new State.Listed(watching.Version),
            _ => state,
        };
    }

    /// <summary>A version that the server keeps refusing for other reasons than its age (it was restored from a backup, say) is given up too.</summary>
    private bool IsHopeless(State state, KubeApiException error)
    {
        if (state is State.Listed or State.Watching && error.StatusCode >= 400 && error.StatusCode is not (429 or 503))
            _refusals++;
        if (_refusals < 5)
            return false;
        _refusals = 0;
        return true;
    }

    private async Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, _time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }

    private static async ValueTask CloseAsync(State state)
    {
        if (state is State.Watching watching)
            await watching.Stream.DisposeAsync();
    }

    private static TimeSpan Longer(TimeSpan delay, TimeSpan? other) => other > delay ? other.Value : delay;

    private static string ReasonOf(KubeApiException error) => error.StatusCode switch
    {
        0 when error.Reason == KubeApiException.TimedOut => "timed_out",
        0 => "disconnected",
        410 => "gone",
        403 => "forbidden",
        404 => "not_served",
        429 => "throttled",
        _ => "refused",
    };

    private readonly record struct Decoded(TView? View, ObjectMeta? Meta, bool IsUnreadable);

    private abstract record State
    {
        public sealed record Empty : State;

        public sealed record Listing(string? Continue, List<TView> Views, HashSet<NamespacedName> Unreadable) : State;

        public sealed record Listed(string Version) : State;

        public sealed record Watching(string Version, IWatchStream Stream, long OpenedAt) : State;
    }
}

/// <summary>Log messages of <see cref="Reflector{TView}"/> (apart, since the generator of log methods knows no generic types).</summary>
internal static partial class ReflectorLog
{
    [LoggerMessage(201, LogLevel.Information, "{Informer} in {Scope}: {State} met {Reason}: {Message}")]
    public static partial void Trouble(ILogger log, string informer, string scope, string state, string reason, string message);

    [LoggerMessage(202, LogLevel.Warning, "{Informer}: {Key} can't be decoded, its last readable version stays: {Message}")]
    public static partial void Undecodable(ILogger log, string informer, NamespacedName? key, string message);

    [LoggerMessage(203, LogLevel.Error, "{Informer}: unexpected")]
    public static partial void Broken(ILogger log, string informer, Exception exception);
}
