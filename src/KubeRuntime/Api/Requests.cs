using System.Collections.Immutable;

namespace GrpoOperator.KubeRuntime.Api;

/// <summary>Which part of a resource a LIST or WATCH is about.</summary>
/// <param name="Namespace">One namespace, or null for all (and for cluster-scoped resources).</param>
/// <param name="LabelSelector">E.g. <c>app=x,tier in (a,b)</c>.</param>
/// <param name="FieldSelector">E.g. <c>reason=FailedCreate</c>.</param>
/// <param name="MetadataOnly">Ask for <c>PartialObjectMetadata</c>: everything below <c>metadata</c> stays at the server.</param>
public sealed record Scope(string? Namespace = null, string? LabelSelector = null, string? FieldSelector = null, bool MetadataOnly = false);

/// <summary>A page of a LIST.</summary>
/// <param name="ResourceVersion">The version that the whole list (all its pages) stands for: a WATCH goes on from there.</param>
/// <param name="Continue">Token of the next page; empty on the last one.</param>
/// <param name="Items">The items' UTF-8 JSON. Real servers leave out apiVersion and kind.</param>
/// <param name="ServerTime">The answer's <c>Date</c> header.</param>
public sealed record ListPage(
    string ResourceVersion, string Continue, ImmutableArray<ReadOnlyMemory<byte>> Items, DateTimeOffset? ServerTime = null);

/// <summary>How a PATCH's body is to be read.</summary>
public enum PatchType
{
    /// <summary>RFC 7386: objects merge, null removes, lists are replaced.</summary>
    Merge,

    /// <summary>RFC 6902: a list of operations, among them <c>test</c>.</summary>
    Json,
}

/// <summary>What becomes of the objects that a deleted one owns.</summary>
public enum DeletionPropagation
{
    /// <summary>The object goes at once, its dependents after it.</summary>
    Background,

    /// <summary>The dependents go first.</summary>
    Foreground,

    /// <summary>The dependents stay.</summary>
    Orphan,
}

/// <summary>Preconditions and manner of a DELETE.</summary>
/// <param name="Uid">Delete only the object that bears this uid (409 otherwise): a name alone may meanwhile be another object's.</param>
/// <param name="ResourceVersion">Delete only if nothing changed since this version (409 otherwise).</param>
/// <param name="Propagation">What becomes of dependents.</param>
/// <param name="GracePeriodSeconds">Seconds for a pod to end; 0 removes it without waiting for its node; null: the object's own.</param>
public sealed record DeleteOptions(
    string Uid, string? ResourceVersion = null, DeletionPropagation Propagation = DeletionPropagation.Background, int? GracePeriodSeconds = null);

/// <summary>Which part of a container's log to read.</summary>
/// <param name="Container">Container of the pod.</param>
/// <param name="SinceTime">Only lines from this moment on (whole seconds).</param>
/// <param name="LimitBytes">The server stops after so many bytes, perhaps inside a line.</param>
/// <param name="TailLines">Only the last lines.</param>
/// <param name="Previous">The log of the container's previous run.</param>
/// <param name="Timestamps">Start each line with its RFC 3339 time.</param>
public sealed record PodLogRequest(
    string Container, DateTimeOffset? SinceTime = null, long? LimitBytes = null, int? TailLines = null, bool Previous = false, bool Timestamps = false);
