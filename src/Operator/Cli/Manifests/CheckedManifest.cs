using GrpoOperator.Training;

namespace GrpoOperator.Operator.Cli.Manifests;

/// <summary>An object that was judged.</summary>
/// <param name="Manifest">The object.</param>
/// <param name="Job">The job that it is; null when it is none, or can't be read as one.</param>
/// <param name="Remarks">What is to be said of it.</param>
internal sealed record CheckedManifest(Manifest Manifest, ObservedTrainingJob? Job, IReadOnlyList<Remark> Remarks)
{
    /// <summary>Whether it must not be applied.</summary>
    public bool IsWrong => Remarks.Any(remark => remark.Kind == RemarkKind.Error);

    /// <summary>Whether it was none of ours.</summary>
    public bool IsSkipped => Remarks.Any(remark => remark.Kind == RemarkKind.Skipped);
}
