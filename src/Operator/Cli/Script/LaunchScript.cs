namespace GrpoOperator.Operator.Cli.Script;

/// <summary>What a launch script does, found by reading it; nothing of it is run.</summary>
/// <param name="Launches">Where it starts training, in its order.</param>
/// <param name="Notes">What it does beside, in its order.</param>
/// <param name="Skipped">Launches in branches that the script doesn't take: the line of each.</param>
internal sealed record LaunchScript(IReadOnlyList<Launch> Launches, IReadOnlyList<ScriptNote> Notes, IReadOnlyList<int> Skipped)
{
    /// <summary>Reads a script.</summary>
    /// <param name="text">The script.</param>
    /// <param name="given">Variables that have a value whatever the script assigns; also <c>1</c>, <c>2</c>, … for its arguments.</param>
    /// <param name="home">What <c>$HOME</c> is; null when nobody says.</param>
    /// <exception cref="ScriptException">It holds something that can't be followed at all, or too much.</exception>
    public static LaunchScript Read(string text, IReadOnlyDictionary<string, string> given, string? home)
    {
        var walk = new ScriptWalk(new Variables(given, home));
        walk.Script(ScriptParser.Read(text));
        return new LaunchScript(walk.Launches, [.. walk.Notes.DistinctBy(note => note.Line).OrderBy(note => note.Line)], walk.Skipped);
    }
}
