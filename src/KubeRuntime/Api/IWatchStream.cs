namespace GrpoOperator.KubeRuntime.Api;

/// <summary>What a line of a watch stream says.</summary>
public enum WatchFrameType
{
    /// <summary>An object came into the scope.</summary>
    Added,

    /// <summary>An object of the scope changed.</summary>
    Modified,

    /// <summary>An object left the scope, or is gone.</summary>
    Deleted,

    /// <summary>Nothing happened up to this resourceVersion; the object is otherwise empty.</summary>
    Bookmark,

    /// <summary>The object is a Status; the stream ends.</summary>
    Error,
}

/// <summary>One line of a watch stream.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">UTF-8 JSON of the object. Valid until the next read.</param>
public readonly record struct WatchFrame(WatchFrameType Type, ReadOnlyMemory<byte> Object);

/// <summary>An open WATCH.</summary>
public interface IWatchStream : IAsyncDisposable
{
    /// <summary>The next line, or null when the server ended the stream.</summary>
    /// <exception cref="KubeApiException">The connection broke, or nothing ended the stream in time.</exception>
    ValueTask<WatchFrame?> ReadAsync(CancellationToken cancellationToken);
}
