namespace GrpoOperator.Training.Tests.Decisions;

/// <summary>What happens to a sketched job's trainer pods, and what the API server says of them.</summary>
internal static class SketchedPods
{
    /// <summary>Just these trainers.</summary>
    public static Sketch WithPods(this Sketch sketch, params ObservedPod[] trainers) =>
        sketch.With(seen => seen with { Pods = [.. seen.Pods.Where(pod => pod.Ordinal < 0), .. trainers] });

    /// <summary>The trainers are those of a later incarnation, with uids of their own.</summary>
    public static Sketch Renamed(this Sketch sketch, int incarnation) =>
        sketch.With(seen => seen with { Pods = [.. seen.Pods.Select(pod => pod.Ordinal < 0 ? pod : pod with { Uid = $"{pod.Uid}-{incarnation}" })] });

    /// <summary>The API server, asked just now, has these pods.</summary>
    public static Sketch ServerHas(this Sketch sketch, params ObservedPod[] pods) =>
        sketch.With(seen => seen with { Answers = seen.Answers with { Pods = new PodsAnswer(seen.Now, pods) } });

    /// <summary>The user annotates the job.</summary>
    public static Sketch Requested(this Sketch sketch, string text) =>
        sketch.With(seen => seen with { Job = seen.Job with { Annotations = new Dictionary<string, string> { [Labels.RestartRequested] = text } } });
}
