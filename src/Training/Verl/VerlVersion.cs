using System.Globalization;
using System.Text.RegularExpressions;

namespace GrpoOperator.Training.Verl;

/// <summary>
/// A version of verl, ordered as Python orders versions (PEP 440): <c>0.10.0.dev0</c> &lt; <c>0.10.0rc1</c> &lt; <c>0.10.0</c> &lt;
/// <c>0.10.0.post1</c>.
/// </summary>
/// <param name="Major">First number.</param>
/// <param name="Minor">Second number.</param>
/// <param name="Patch">Third number.</param>
/// <param name="Stage">What kind of release it is.</param>
/// <param name="StageNumber">The number after the stage's letters.</param>
public sealed partial record VerlVersion(int Major, int Minor, int Patch, VerlStage Stage = VerlStage.Final, int StageNumber = 0)
    : IComparable<VerlVersion>
{
    /// <summary>The first version that this operator knows.</summary>
    public static VerlVersion Oldest { get; } = new(0, 6, 0);

    /// <summary>The first version that this operator knows nothing about.</summary>
    public static VerlVersion Unknown { get; } = new(0, 11, 0, VerlStage.Development);

    /// <summary>
    /// Reads <c>0.7.1</c>, <c>v0.7.1</c>, <c>0.10.0.dev0</c>, <c>0.8.0rc1</c>, <c>0.7</c>, each with or without a local part
    /// (<c>+npu</c>), which doesn't count; null for anything else.
    /// </summary>
    public static VerlVersion? Parse(string? text)
    {
        if (text is null || Pattern().Match(text) is not { Success: true } match)
            return null;
        var stage = match.Groups["stage"].ValueSpan switch
        {
            "dev" => VerlStage.Development,
            "a" => VerlStage.Alpha,
            "b" => VerlStage.Beta,
            "rc" => VerlStage.Candidate,
            "post" => VerlStage.Post,
            _ => VerlStage.Final,
        };
        return new(Number(match, "major"), Number(match, "minor"), Number(match, "patch"), stage, Number(match, "number"));
    }

    /// <summary>True for this version and every later one.</summary>
    public bool IsAtLeast(int major, int minor, int patch = 0) => CompareTo(new(major, minor, patch)) >= 0;

    /// <inheritdoc/>
    public int CompareTo(VerlVersion? other) =>
        other is null ? 1 : (Major, Minor, Patch, Stage, StageNumber).CompareTo(
            (other.Major, other.Minor, other.Patch, other.Stage, other.StageNumber));

    /// <summary>The version as Python writes it.</summary>
    public override string ToString() => $"{Major}.{Minor}.{Patch}" + Stage switch
    {
        VerlStage.Development => $".dev{StageNumber}",
        VerlStage.Alpha => $"a{StageNumber}",
        VerlStage.Beta => $"b{StageNumber}",
        VerlStage.Candidate => $"rc{StageNumber}",
        VerlStage.Post => $".post{StageNumber}",
        _ => "",
    };

    /// <summary>True when <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(VerlVersion left, VerlVersion right) => left.CompareTo(right) < 0;

    /// <summary>True when <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(VerlVersion left, VerlVersion right) => left.CompareTo(right) > 0;

    /// <summary>True unless <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator <=(VerlVersion left, VerlVersion right) => left.CompareTo(right) <= 0;

    /// <summary>True unless <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator >=(VerlVersion left, VerlVersion right) => left.CompareTo(right) >= 0;

    private static int Number(Match match, string group) =>
        int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, null, out var number) ? number : 0;

    // No time limit: it would be one by the wall clock, which a paused process exceeds with any pattern.
    [GeneratedRegex(
        """\Av?(?<major>\d{1,5})\.(?<minor>\d{1,5})(?:\.(?<patch>\d{1,5}))?(?:[.-]?(?<stage>dev|a|b|rc|post)(?<number>\d{0,5}))?(?:\+[A-Za-z0-9.]{1,40})?\z""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}

/// <summary>Kind of a release, in the order in which they come out.</summary>
public enum VerlStage
{
    /// <summary><c>.devN</c>.</summary>
    Development,

    /// <summary><c>aN</c>.</summary>
    Alpha,

    /// <summary><c>bN</c>.</summary>
    Beta,

    /// <summary><c>rcN</c>.</summary>
    Candidate,

    /// <summary>The release itself.</summary>
    Final,

    /// <summary><c>.postN</c>.</summary>
    Post,
}
