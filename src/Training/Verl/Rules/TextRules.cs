using System.Globalization;
using System.Text.Json;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>What texts must look like so that they arrive as they were meant.</summary>
internal static class TextRules
{
    private static readonly string[] ResourceLists = ["limits", "requests"];

    public static IEnumerable<Rule> All { get; } =
    [
        Rule.Structural(RuleNames.LineBreak, "this operator: arguments are kept one a line; argv holds no NUL", LineBreaks),
        Rule.Structural(RuleNames.UnwritableText, "OmegaConf's interpolation, which verl resolves a second time", Unwritable),
        Rule.Structural(RuleNames.DecimalForm, "this operator: decimals reach verl as written", Decimals),
        Rule.Structural(RuleNames.QuantityForm, "Kubernetes' quantities", Quantities),
        Rule.Structural(RuleNames.TransformerConfigEntry, "Hydra's grammar of keys", TransformerEntries),
    ];

    private static IEnumerable<Breach> LineBreaks(CheckedJob job) =>
        from text in TextFields.OfOneLine(job.Spec)
        where text.Value.AsSpan().IndexOfAny('\n', '\r', '\0') >= 0
        select new Breach($"{text.Field} holds a line break or a NUL");

    private static IEnumerable<Breach> Unwritable(CheckedJob job) =>
        from text in TextFields.OfHydra(job.Spec)
        where !HydraWriter.IsWritable(text.Value) || text.Value.Contains("${", StringComparison.Ordinal)
        select new Breach($"{text.Field} '{text.Value}' can't be handed to verl as it is: a literal ${{ or ??? has a meaning of its own there");

    private static IEnumerable<Breach> Decimals(CheckedJob job)
    {
        var (actor, utilization) = (job.Spec.Actor, job.Spec.Rollout.NpuMemoryUtilization);
        foreach (var (field, text) in new[]
        {
            ("actor.learningRate", actor.LearningRate),
            ("actor.entropyCoefficient", actor.EntropyCoefficient),
            ("actor.klLossCoefficient", actor.KlLossCoefficient),
            ("rollout.npuMemoryUtilization", utilization),
        })
        {
            if (text is not null && Decimal(text) is null)
                yield return new Breach($"{field} '{text}' is not a decimal such as 0.001 or 1e-6");
        }

        if (Decimal(actor.LearningRate) < 0)
            yield return new Breach($"actor.learningRate {actor.LearningRate} is below 0");
        if (Decimal(utilization) is <= 0 or > 1)
            yield return new Breach($"rollout.npuMemoryUtilization {utilization} is not above 0 and at most 1");
    }

    // Only what Hydra reads as a number: no signs but a minus, no blanks, no underscores, no words.
    private static double? Decimal(string? text) =>
        text is not null
        && text.Trim().Length == text.Length
        && !text.StartsWith('+')
        && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, null, out var number)
        && double.IsFinite(number)
        && HydraReader.Read(text).Result?.Number is not null
            ? number
            : null;

    private static IEnumerable<Breach> Quantities(CheckedJob job)
    {
        var spec = job.Spec;
        var given = new List<(string Field, string? Text)>
        {
            ("workers.sharedMemory", spec.Workers.SharedMemory),
            ("ray.objectStoreMemory", spec.Ray.ObjectStoreMemory),
        };
        given.AddRange(Resources("workers.resources", spec.Workers.Resources));
        given.AddRange(Resources("inspection.resources", spec.Inspection.Resources));
        given.AddRange(Resources("conversion.resources", spec.Conversion.Resources));
        given.AddRange(Resources("data.prepare.resources", spec.Data.Prepare?.Resources));
        return from quantity in given
               where quantity.Text is not null && Quantity.Parse(quantity.Text) is not > 0
               select new Breach($"{quantity.Field} '{quantity.Text}' is not a quantity above 0, such as 64 or 512Gi");
    }

    private static IEnumerable<(string Field, string? Text)> Resources(string field, JsonElement? resources) =>
        from list in ResourceLists
        let members = resources.Member(list)
        where members is { ValueKind: JsonValueKind.Object }
        from member in members.Value.EnumerateObject()
        select ($"{field}.{list}.{member.Name}", member.Value.ValueKind is JsonValueKind.String ? member.Value.GetString() : member.Value.GetRawText());

    private static IEnumerable<Breach> TransformerEntries(CheckedJob job)
    {
        if (job.Spec.Actor.TransformerConfig is not { } entries)
            yield break;
        foreach (var (name, value) in entries)
        {
            if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
                yield return new Breach($"actor.transformerConfig has the key '{name}', which is not a name of letters, digits and _");
            else if (HydraJson.Write(value) is null)
                yield return new Breach($"actor.transformerConfig.{name} is neither a scalar nor a list of scalars");
        }
    }
}
