using System.Text;
using GrpoOperator.Crds.Yaml;

namespace GrpoOperator.Operator.Cli.Manifests;

/// <summary>One line of a command's answer, in the form that compilers use, so that editors and CI find the place.</summary>
/// <param name="File">The file as it was named; <c>stdin</c> for the standard input.</param>
/// <param name="Position">Where in it.</param>
/// <param name="Kind">What it says.</param>
/// <param name="Name">The rule or the figure, one word.</param>
/// <param name="Subject">Namespace and name of the job; null when it has none.</param>
/// <param name="Message">The rest.</param>
internal sealed record Remark(string File, YamlPosition Position, RemarkKind Kind, string Name, string? Subject, string Message)
{
    /// <summary>Characters of a line at most: a value is shown, but not a megabyte of it.</summary>
    private const int Longest = 2000;

    /// <summary>The line. Control characters are shown as such: what a file holds must not move a terminal's cursor.</summary>
    public override string ToString()
    {
        var subject = Subject is null ? "" : $"{Subject}: ";
        var text = $"{File}:{Position.Line}:{Position.Column}: {Kind.ToString().ToLowerInvariant()} {Name}: {subject}{Message}";
        var line = new StringBuilder(Math.Min(text.Length, Longest));
        foreach (var letter in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            if (char.IsControl(letter) || char.IsSurrogate(letter) || letter is '\u2028' or '\u2029')
                line.Append($"\\u{(int)letter:x4}");
            else
                line.Append(letter);
        }

        return text.Length > Longest ? line.Append('…').ToString() : line.ToString();
    }
}
