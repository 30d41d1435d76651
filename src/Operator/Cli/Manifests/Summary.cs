namespace GrpoOperator.Operator.Cli.Manifests;

/// <summary>What became of all files, in one line for whoever looks on.</summary>
internal static class Summary
{
    /// <summary>The line.</summary>
    public static string Of(IReadOnlyList<(ManifestFile File, IReadOnlyList<CheckedManifest> Manifests)> files)
    {
        var all = files.SelectMany(read => read.Manifests).ToList();
        var refused = files.Count(read => read.File.Refusal is not null);
        var warnings = all.Sum(manifest => manifest.Remarks.Count(remark => remark.Kind == RemarkKind.Warning));
        return $"{Count(all.Count(manifest => !manifest.IsSkipped), "job")} in {Count(files.Count, "file")}: {all.Count(manifest => manifest.IsWrong)} wrong, {Count(warnings, "warning")}"
            + (refused > 0 ? $"; {Count(refused, "file")} can't be read" : "")
            + (all.Any(manifest => manifest.IsSkipped) ? $"; {Count(all.Count(manifest => manifest.IsSkipped), "document")} of other kinds skipped" : "");
    }

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
