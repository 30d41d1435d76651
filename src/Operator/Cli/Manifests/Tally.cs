namespace GrpoOperator.Operator.Cli.Manifests;

/// <summary>Counts what became of files, so that none of them has to be kept. One call, one thread.</summary>
internal sealed class Tally
{
    private int files, jobs, wrong, warnings, skipped, refused, missing;

    /// <summary>How the command ends.</summary>
    public int ExitCode => missing > 0 ? ExitCodes.WrongCall : wrong + refused > 0 ? ExitCodes.WrongJob : ExitCodes.Fine;

    /// <summary>Counts a file and its objects.</summary>
    public void Add(ManifestFile file, IReadOnlyList<CheckedManifest> manifests)
    {
        files++;
        missing += file.Missing is null ? 0 : 1;
        refused += file.Refusal is null ? 0 : 1;
        foreach (var manifest in manifests)
        {
            skipped += manifest.IsSkipped ? 1 : 0;
            jobs += manifest.IsSkipped ? 0 : 1;
            wrong += manifest.IsWrong ? 1 : 0;
            warnings += manifest.Remarks.Count(remark => remark.Kind == RemarkKind.Warning);
        }
    }

    /// <summary>The counts in one line.</summary>
    public override string ToString() =>
        $"{Count(jobs, "job")} in {Count(files, "file")}: {wrong} wrong, {Count(warnings, "warning")}"
            + (refused > 0 ? $"; {Count(refused, "file")} can't be read" : "")
            + (skipped > 0 ? $"; {Count(skipped, "document")} of other kinds skipped" : "");

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
