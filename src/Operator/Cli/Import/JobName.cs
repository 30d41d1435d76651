namespace GrpoOperator.Operator.Cli.Import;

/// <summary>A job's name from a file's.</summary>
internal static class JobName
{
    private const int Longest = 40;

    /// <summary>The file's name without its ending, as far as a job's name allows.</summary>
    public static string Of(string path)
    {
        var plain = Path.GetFileNameWithoutExtension(path).ToLowerInvariant();
        var name = string.Concat(plain.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-')).Trim('-');
        while (name.Contains("--", StringComparison.Ordinal))
            name = name.Replace("--", "-", StringComparison.Ordinal);
        if (name.Length == 0 || !char.IsAsciiLetter(name[0]))
            name = $"job-{name}".TrimEnd('-');
        return name.Length <= Longest ? name : name[..Longest].TrimEnd('-');
    }
}
