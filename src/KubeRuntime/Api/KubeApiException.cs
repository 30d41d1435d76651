using System.Collections.Immutable;

namespace GrpoOperator.KubeRuntime.Api;

/// <summary>One entry of a Status' <c>details.causes</c>: which field the server objects to, and why.</summary>
public sealed record StatusCause(string Field, string Reason, string Message);

/// <summary>The API server refused a request (<see cref="StatusCode"/> ≥ 400), or no answer came (<see cref="StatusCode"/> = 0).</summary>
/// <remarks>Of a write without an answer it isn't known whether it was carried out: only looking tells.</remarks>
public sealed class KubeApiException : Exception
{
    /// <summary>The <see cref="Reason"/> when the time allowed for the call ran out.</summary>
    public const string TimedOut = "TimedOut";

    /// <summary>The <see cref="Reason"/> when the server could not be reached or the connection broke.</summary>
    public const string Unreachable = "Unreachable";

    /// <summary>Makes the error of one request.</summary>
    public KubeApiException(
        int statusCode, string reason, string message, TimeSpan? retryAfter = null, ImmutableArray<StatusCause> causes = default, Exception? inner = null)
        : base(message, inner)
    {
        StatusCode = statusCode;
        Reason = reason;
        RetryAfter = retryAfter;
        Causes = causes.IsDefault ? [] : causes;
    }

    /// <summary>HTTP status; 0 when no answer came.</summary>
    public int StatusCode { get; }

    /// <summary>The machine-readable reason of the server's Status (<c>NotFound</c>, <c>AlreadyExists</c>, …), or one of this class' constants.</summary>
    public string Reason { get; }

    /// <summary>How long the server asked to be left alone; null when it didn't say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>What a 422 objects to, field by field.</summary>
    public ImmutableArray<StatusCause> Causes { get; }

    /// <summary>404: the object, or the whole resource, isn't there.</summary>
    public bool IsNotFound => StatusCode == 404;

    /// <summary>409 of a POST: an object of that name is there, ours or somebody else's.</summary>
    public bool IsAlreadyExists => StatusCode == 409 && Reason == "AlreadyExists";

    /// <summary>The precondition of a PATCH or DELETE (uid, resourceVersion) no longer holds: 409, but for the uid of a PATCH, which servers
    /// answer with 422 on <c>metadata.uid</c>.</summary>
    public bool IsConflict => (StatusCode == 409 && Reason != "AlreadyExists") || IsOtherUid;

    /// <summary>410: the resourceVersion or continue token is too old; list from scratch.</summary>
    public bool IsGone => StatusCode == 410;

    /// <summary>403: not allowed, by RBAC, quota or admission; the message says which.</summary>
    public bool IsForbidden => StatusCode == 403;

    /// <summary>422 (or a 400 on the body): the object itself is refused; the same write will be refused again.</summary>
    public bool IsInvalid => StatusCode is (400 or 422) && !IsOtherUid;

    /// <summary>No answer came: of a write the outcome is unknown.</summary>
    public bool IsOutcomeUnknown => StatusCode == 0;

    /// <summary>Worth repeating unchanged: no answer, throttled, or the server's own trouble.</summary>
    public bool IsTransient => StatusCode is 0 or 408 or 429 or >= 500;

    private bool IsOtherUid => StatusCode == 422 && Causes.Any(cause => cause.Field == "metadata.uid");
}
