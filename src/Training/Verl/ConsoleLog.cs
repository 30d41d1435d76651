using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace GrpoOperator.Training.Verl;

/// <summary>
/// Reads the trainer's console: verl's step lines behind Ray's prefixes and colours, tqdm's total, and what is said of
/// resuming and saving. Reading the same text twice changes nothing, so overlapping reads are harmless.
/// </summary>
public static partial class ConsoleLog
{
    private const int StepTimesKept = 64;

    /// <summary>The step line in a console line, or null. Values that are not numbers are left out.</summary>
    public static StepLine? ParseStep(string line)
    {
        var match = StepPattern().Match(Plain(line));
        if (!match.Success || !int.TryParse(match.Groups["step"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var step)) return null;
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var part in match.Groups["values"].Value.Split(" - "))
        {
            // Keys hold data source names with anything in them, so the value stands behind the last colon.
            var colon = part.LastIndexOf(':');
            if (colon > 0 && Value(part.AsSpan(colon + 1)) is { } value) values[part[..colon].Trim()] = value;
        }

        return values.Count == 0 ? null : new StepLine(step, values.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>Takes more of a console into a reading.</summary>
    /// <param name="reading">What was read before.</param>
    /// <param name="text">Console text; may begin and end within a line, and may repeat what was read.</param>
    /// <param name="now">When it was read, UTC.</param>
    public static ConsoleReading Read(ConsoleReading reading, string text, DateTime now)
    {
        // tqdm redraws its bar with carriage returns.
        foreach (var raw in text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries)) reading = ReadLine(reading, raw, now);
        return reading;
    }

    private static ConsoleReading ReadLine(ConsoleReading reading, string raw, DateTime now)
    {
        if (ParseStep(raw) is { } step) return Take(reading, step, now);
        var line = Plain(raw);
        if (TotalPattern().Match(line) is { Success: true } total && Int(total.Groups["steps"]) is { } steps) return reading with { TotalSteps = steps };
        if (BarPattern().Match(line) is { Success: true } bar && Int(bar.Groups["steps"]) is { } of and > 0) return reading with { TotalSteps = of };
        if (ResumePattern().Match(line) is { Success: true } resume && Int(resume.Groups["steps"]) is { } from) return reading with { ResumedFromStep = from };
        if (SavePattern().Match(line) is { Success: true } save && Int(save.Groups["steps"]) is { } saved)
            return saved > (reading.LastCheckpointStep ?? 0) ? reading with { SavingStep = saved } : reading;
        return reading;
    }

    private static ConsoleReading Take(ConsoleReading reading, StepLine line, DateTime now)
    {
        if (!line.IsTraining) return reading with { ValidationScore = Validation(line) ?? reading.ValidationScore };
        if (reading.Last is { } last && line.Step <= last.Step) return reading;
        var seconds = line.First("perf/time_per_step", "timing_s/step");
        var saved = line.Step >= reading.SavingStep;
        return reading with
        {
            LastCheckpointStep = saved ? reading.SavingStep : reading.LastCheckpointStep,
            SavingStep = saved ? null : reading.SavingStep,
            Last = line,
            LastStepAt = now,
            ValidationScore = Validation(line) ?? reading.ValidationScore,
            LongestSave = line.First("timing_s/save_checkpoint") is { } save ? Math.Max(save, reading.LongestSave ?? 0) : reading.LongestSave,
            StepSeconds = seconds is { } s and >= 0 ? [.. reading.StepSeconds.TakeLast(StepTimesKept - 1), s] : reading.StepSeconds,
        };
    }

    private static double? Validation(StepLine line)
    {
        var core = line.Values.Where(pair => pair.Key.StartsWith("val-core/", StringComparison.Ordinal) && double.IsFinite(pair.Value)).ToArray();
        return core.Length == 0 ? null : core.Average(pair => pair.Value);
    }

    private static string Plain(string line) => PrefixPattern().Replace(AnsiPattern().Replace(line, string.Empty), string.Empty);

    private static double? Value(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.StartsWith("np.") && text.IndexOf('(') is var open and > 0 && text.EndsWith(")")) text = text[(open + 1)..^1];
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static int? Int(Group group) => int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    [GeneratedRegex(@"^\s*step:(?<step>\d+) - (?<values>.*)$", RegexOptions.NonBacktracking)]
    private static partial Regex StepPattern();

    [GeneratedRegex(@"\x1b\[[0-9;]*m", RegexOptions.NonBacktracking)]
    private static partial Regex AnsiPattern();

    [GeneratedRegex(@"^\(\w+ pid=\d+(?:, ip=[0-9a-fA-F.:]+)?\)\s*", RegexOptions.NonBacktracking)]
    private static partial Regex PrefixPattern();

    [GeneratedRegex(@"Total training steps: (?<steps>\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex TotalPattern();

    [GeneratedRegex(@"Training Progress:.*\|\s*\d+/(?<steps>\d+) \[", RegexOptions.NonBacktracking)]
    private static partial Regex BarPattern();

    [GeneratedRegex(@"[Ss]etting global step to (?<steps>\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex ResumePattern();

    [GeneratedRegex(@"(?:local_global_step_folder: |Saving checkpoint to ).*/global_step_(?<steps>\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex SavePattern();
}
