namespace GrpoOperator.Operator.Cli.Script;

/// <summary><c>basename</c> and <c>dirname</c>, which look at no file.</summary>
internal static class PathText
{
    /// <summary>The last name of a path, without a suffix.</summary>
    public static string Base(string path, string suffix)
    {
        var trimmed = path.TrimEnd('/');
        if (trimmed.Length == 0)
            return path.Length == 0 ? "" : "/";
        var name = trimmed[(trimmed.LastIndexOf('/') + 1)..];
        return suffix.Length > 0 && name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
    }

    /// <summary>All but the last name of a path.</summary>
    public static string Directory(string path)
    {
        var trimmed = path.TrimEnd('/');
        if (trimmed.Length == 0)
            return path.Length == 0 ? "." : "/";
        var end = trimmed.LastIndexOf('/');
        return end < 0 ? "." : end == 0 ? "/" : trimmed[..end].TrimEnd('/') is { Length: > 0 } parent ? parent : "/";
    }
}
