using System.Text.Json;
using GrpoOperator.Training;

namespace GrpoOperator.Simulation.Server;

/// <summary>A pod: its changes replace one immutable state by the next.</summary>
internal sealed class PodObject : ApiObject
{
    public required PodState State { get; set; }

    protected override Snapshot NextSnapshot()
    {
        var (state, version) = (State, Version);
        return new Snapshot(() => PodJson.Of(this, state, version));
    }
}

/// <summary>What a pod was made from.</summary>
internal sealed record PodTemplate
{
    public required string Job { get; init; }

    public required string JobUid { get; init; }

    public required string Component { get; init; }

    public required string OwnerKind { get; init; }

    public required string OwnerName { get; init; }

    public required string OwnerUid { get; init; }

    public int Incarnation { get; init; }

    public int Attempt { get; init; }

    public bool Sealed { get; init; }

    public bool FenceWait { get; init; }

    /// <summary>NPUs that it asks for.</summary>
    public int Npus { get; init; }

    /// <summary>Nodes that its affinity excludes.</summary>
    public IReadOnlyList<string> Avoids { get; init; } = [];

    public bool IsTrainer => Component == Names.TrainerContainer;
}

/// <summary>Spec and status of a pod.</summary>
internal sealed record PodState
{
    public required PodTemplate Template { get; init; }

    /// <summary>The ordinal of a StatefulSet's pod.</summary>
    public int Rank { get; init; }

    public string? Node { get; init; }

    public string Phase { get; init; } = "Pending";

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>What the scheduler says of a pod that fits nowhere.</summary>
    public string? Unschedulable { get; init; }

    public DateTimeOffset? ReadySince { get; init; }

    /// <summary>Reason of condition <c>DisruptionTarget</c>.</summary>
    public string? Disruption { get; init; }

    public ContainerState? Container { get; init; }

    public bool IsOver => Phase is "Succeeded" or "Failed";
}

/// <summary>The one container that counts.</summary>
internal sealed record ContainerState(DateTimeOffset? RunningSince = null, string? Waiting = null, ContainerEnding? Ended = null, ContainerEnding? Before = null, int Restarts = 0);

/// <summary>How a container ended.</summary>
internal sealed record ContainerEnding(int ExitCode, string Reason, string Message, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);

/// <summary>Writes a pod as the API server would, as far as anybody here reads it.</summary>
internal static class PodJson
{
    private const int GraceSeconds = 60;

    public static byte[] Of(PodObject pod, PodState state, long version)
    {
        using var stream = new MemoryStream(1024);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            WriteMetadata(json, pod, state, version);
            json.WriteStartObject("spec");
            if (state.Node is { } node) json.WriteString("nodeName", node);
            json.WriteEndObject();
            WriteStatus(json, pod, state);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, PodObject pod, PodState state, long version)
    {
        var template = state.Template;
        json.WriteStartObject("metadata");
        json.WriteString("name", pod.Key.Name);
        json.WriteString("namespace", pod.Key.Namespace);
        json.WriteString("uid", pod.Uid);
        json.WriteString("resourceVersion", version.ToString());
        if (state.DeletedAt is { } deleted)
        {
            // When the grace period is over, as the API server writes it.
            WriteTime(json, "deletionTimestamp", deleted.AddSeconds(GraceSeconds));
            json.WriteNumber("deletionGracePeriodSeconds", GraceSeconds);
        }

        json.WriteStartObject("labels");
        json.WriteString(Labels.Job, template.Job);
        json.WriteString(Labels.JobUid, template.JobUid);
        json.WriteString(Labels.Component, template.Component);
        json.WriteString(Labels.Incarnation, template.Incarnation.ToString());
        json.WriteEndObject();
        json.WriteStartArray("ownerReferences");
        json.WriteStartObject();
        json.WriteString("kind", template.OwnerKind);
        json.WriteString("name", template.OwnerName);
        json.WriteString("uid", template.OwnerUid);
        json.WriteBoolean("controller", true);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStatus(Utf8JsonWriter json, PodObject pod, PodState state)
    {
        json.WriteStartObject("status");
        json.WriteString("phase", state.Phase);
        if (state.Reason is { } reason) json.WriteString("reason", reason);
        if (state.Message is { } message) json.WriteString("message", message);
        json.WriteStartArray("conditions");
        if (state.Unschedulable is { } why && state.Node is null) WriteCondition(json, "PodScheduled", status: false, "Unschedulable", why, default);
        if (state.Container is not null) WriteCondition(json, "Ready", state.ReadySince is not null, null, null, state.ReadySince ?? default);
        if (state.Disruption is { } disruption) WriteCondition(json, "DisruptionTarget", status: true, disruption, $"{pod.Key.Name} is disrupted", default);
        json.WriteEndArray();
        if (state.Container is { } container) WriteContainer(json, state.Template.Component, container);
        json.WriteEndObject();
    }

    private static void WriteCondition(Utf8JsonWriter json, string type, bool status, string? reason, string? message, DateTimeOffset since)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("status", status ? "True" : "False");
        if (reason is not null) json.WriteString("reason", reason);
        if (message is not null) json.WriteString("message", message);
        if (since != default) WriteTime(json, "lastTransitionTime", since);
        json.WriteEndObject();
    }

    private static void WriteContainer(Utf8JsonWriter json, string name, ContainerState container)
    {
        json.WriteStartArray("containerStatuses");
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteNumber("restartCount", container.Restarts);
        json.WriteStartObject("state");
        if (container.Ended is { } ended) WriteEnding(json, ended);
        if (container.RunningSince is { } since)
        {
            json.WriteStartObject("running");
            WriteTime(json, "startedAt", since);
            json.WriteEndObject();
        }

        if (container.Waiting is { } waiting)
        {
            json.WriteStartObject("waiting");
            json.WriteString("reason", waiting);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("lastState");
        if (container.Before is { } before) WriteEnding(json, before);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteEnding(Utf8JsonWriter json, ContainerEnding ending)
    {
        json.WriteStartObject("terminated");
        json.WriteNumber("exitCode", ending.ExitCode);
        json.WriteString("reason", ending.Reason);
        json.WriteString("message", ending.Message);
        WriteTime(json, "startedAt", ending.StartedAt);
        WriteTime(json, "finishedAt", ending.FinishedAt);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset time) => json.WriteString(name, ApiServer.Time(time));
}
