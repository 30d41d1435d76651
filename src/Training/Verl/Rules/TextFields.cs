using System.Text.Json;
using GrpoOperator.Crds;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>A text of the spec.</summary>
/// <param name="Field">Its place in the spec.</param>
/// <param name="Value">The text.</param>
internal readonly record struct TextField(string Field, string Value);

/// <summary>The texts of a spec, by what becomes of them.</summary>
internal static class TextFields
{
    /// <summary>Texts that are written as values of Hydra assignments.</summary>
    public static IEnumerable<TextField> OfHydra(GrpoTrainingJobSpec spec) => Given(
    [
        ("model.path", spec.Model.Path),
        ("model.distCheckpointPath", spec.Model.DistCheckpointPath),
        .. Each("data.trainFiles", spec.Data.TrainFiles),
        .. Each("data.valFiles", spec.Data.ValFiles),
        ("reward.path", spec.Reward?.Path),
        ("reward.functionName", spec.Reward?.FunctionName),
        ("actor.klLossType", spec.Actor.KlLossType),
        .. TransformerTexts(spec.Actor.TransformerConfig),
        ("trainer.checkpointDir", spec.Trainer.CheckpointDir),
        ("trainer.resume.path", spec.Trainer.Resume?.Path),
        .. Each("trainer.loggers", spec.Trainer.Loggers),
        ("trainer.projectName", spec.Trainer.ProjectName),
        ("trainer.experimentName", spec.Trainer.ExperimentName),
    ]);

    /// <summary>Absolute paths in the containers.</summary>
    public static IEnumerable<TextField> OfPaths(GrpoTrainingJobSpec spec) => Given(
    [
        ("model.distCheckpointPath", spec.Model.DistCheckpointPath),
        .. Each("data.trainFiles", spec.Data.TrainFiles),
        .. Each("data.valFiles", spec.Data.ValFiles),
        ("data.prepare.outputDir", spec.Data.Prepare?.OutputDir),
        ("trainer.checkpointDir", spec.Trainer.CheckpointDir),
        ("trainer.resume.path", spec.Trainer.Resume?.Path),
        ("trainer.logDir", spec.Trainer.LogDir),
        ("launch.workDir", spec.Launch.WorkDir),
        .. Each("launch.pythonPath", spec.Launch.PythonPath),
        ("logs.directory", spec.Logs?.Directory),
    ]);

    /// <summary>What a job reads; a model may be a hub id or a URI, and so may a file.</summary>
    public static IEnumerable<TextField> OfInputs(GrpoTrainingJobSpec spec) => Given(
    [
        ("model.path", spec.Model.Path),
        .. Each("data.trainFiles", spec.Data.TrainFiles),
        .. Each("data.valFiles", spec.Data.ValFiles),
        ("data.prepare.rawPath", spec.Data.Prepare?.RawPath),
        ("reward.path", spec.Reward?.Path),
    ]);

    /// <summary>Every text that becomes an argument, a variable or a line of a file: all but the set-up script.</summary>
    public static IEnumerable<TextField> OfOneLine(GrpoTrainingJobSpec spec) =>
        OfHydra(spec).Concat(OfPaths(spec)).Concat(Given(
        [
            ("image", spec.Image),
            ("data.prepare.script", spec.Data.Prepare?.Script),
            ("data.prepare.rawPath", spec.Data.Prepare?.RawPath),
            .. Each("data.prepare.extraArgs", spec.Data.Prepare?.ExtraArgs),
            .. Each("conversion.extraArgs", spec.Conversion.ExtraArgs),
            .. Each("overrides", spec.Overrides),
            ("launch.module", spec.Launch.Module),
            ("launch.configPath", spec.Launch.ConfigPath),
            ("launch.configName", spec.Launch.ConfigName),
            .. Each("launch.args", spec.Launch.Args),
            .. Each("launch.command", spec.Launch.Command),
            ("workers.resourceName", spec.Workers.ResourceName),
            ("workers.networkInterface", spec.Workers.NetworkInterface),
        ])).Distinct();

    private static IEnumerable<(string Field, string? Value)> Each(string field, IReadOnlyList<string>? values) =>
        (values ?? []).Select((value, at) => ($"{field}[{at}]", (string?)value));

    private static IEnumerable<(string Field, string? Value)> TransformerTexts(IReadOnlyDictionary<string, JsonElement>? entries) =>
        from entry in entries ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal)
        from json in entry.Value.ValueKind is JsonValueKind.Array ? entry.Value.EnumerateArray().ToArray() : [entry.Value]
        where json.ValueKind is JsonValueKind.String
        select ($"actor.transformerConfig.{entry.Key}", json.GetString());

    private static IEnumerable<TextField> Given(IEnumerable<(string Field, string? Value)> fields) =>
        from field in fields where field.Value is not null select new TextField(field.Field, field.Value);
}
