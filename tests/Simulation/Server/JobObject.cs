using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace GrpoOperator.Simulation.Server;

/// <summary>A GrpoTrainingJob: the user writes its spec and annotations, operators its status.</summary>
internal sealed class JobObject : ApiObject
{
    public required JsonObject Spec { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public JsonObject Status { get; } = [];

    public int Generation { get; private set; } = 1;

    /// <summary>Annotation <c>restart-requested</c>, or null.</summary>
    public string? RestartRequested { get; set; }

    /// <summary>The user changes the spec.</summary>
    public void ChangeSpec(Action<JsonObject> change)
    {
        change(Spec);
        Generation++;
        specText = null;
    }

    protected override Snapshot NextSnapshot()
    {
        specText ??= Spec.ToJsonString();
        shared = SharedSpec.Of(specText);
        var annotations = RestartRequested is { } request ? $$""","annotations":{"{{Training.Labels.RestartRequested}}":"{{request}}"}""" : string.Empty;
        var json = Encoding.UTF8.GetBytes(
            $$"""{"metadata":{"name":"{{Key.Name}}","namespace":"{{Key.Namespace}}","uid":"{{Uid}}","resourceVersion":"{{Version}}","generation":{{Generation}},"creationTimestamp":"{{ApiServer.Time(CreatedAt)}}"{{annotations}}},"spec":{{specText}},"status":{{Status.ToJsonString()}}}""");
        return new Snapshot(() => json) { Spec = shared };
    }

    private string? specText;
    private SharedSpec? shared;
}

/// <summary>One decoded spec for every job of every history that says the same: rules are worked out once for each.</summary>
internal sealed class SharedSpec
{
    private static readonly ConcurrentDictionary<string, SharedSpec> All = new(StringComparer.Ordinal);

    private Crds.GrpoTrainingJobSpec? first;

    public static SharedSpec Of(string text) => All.GetOrAdd(text, _ => new SharedSpec());

    /// <summary>The spec that was decoded first.</summary>
    public Crds.GrpoTrainingJobSpec? Same(Crds.GrpoTrainingJobSpec? decoded) => Interlocked.CompareExchange(ref first, decoded, null) ?? decoded;
}
