using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Children;

/// <summary><c>job.json</c>: the part of the spec that the launcher acts on, version 1 of its format.</summary>
internal static class JobSettings
{
    private const string ConverterScript = "scripts/converter_hf_to_mcore.py";

    public static JsonObject Of(GrpoTrainingJobSpec spec, JobShape shape) => new()
    {
        ["v"] = 1,
        ["strategy"] = spec.Strategy.ToString(),
        ["verlVersion"] = spec.VerlVersion,
        ["model"] = new JsonObject { ["path"] = spec.Model.Path },
        ["weights"] = Weights(spec),
        ["conversion"] = new JsonObject
        {
            ["useCpuInitialization"] = spec.Conversion.UseCpuInitialization ?? (spec.Actor.Parallelism?.Expert > 1 ? true : null),
            ["extraArgs"] = Strings(spec.Conversion.ExtraArgs),
            ["script"] = ConverterScript,
            ["npus"] = spec.Conversion.Npus ?? shape.Preset.ConversionNpus,
        },
        ["data"] = new JsonObject
        {
            ["trainFiles"] = Strings(spec.Data.TrainFiles),
            ["valFiles"] = Strings(spec.Data.ValFiles),
            ["prepare"] = Prepare(spec.Data.Prepare),
        },
        ["reward"] = spec.Reward is { } reward ? new JsonObject { ["path"] = reward.Path, ["functionName"] = reward.FunctionName } : null,
        ["checkpointDir"] = spec.Trainer.CheckpointDir,
        ["resume"] = new JsonObject { ["mode"] = spec.Trainer.Resume?.Mode?.ToString() },
        ["launch"] = new JsonObject
        {
            ["module"] = spec.Launch.Module ?? LaunchSpec.DefaultModule,
            ["mode"] = spec.Launch.Mode.ToString(),
            ["workDir"] = spec.Launch.WorkDir,
            ["pythonPath"] = Strings(spec.Launch.PythonPath),
            ["setup"] = spec.Launch.Setup,
            ["command"] = spec.Launch.Command is { Count: > 0 },
        },
        ["ray"] = new JsonObject
        {
            ["port"] = spec.Ray.Port,
            ["cpusPerNode"] = shape.CpusPerNode,
            ["objectStoreMemory"] = spec.Ray.ObjectStoreMemory is { } memory ? (long?)Quantity.Parse(memory) : null,
            ["dashboard"] = spec.Ray.Dashboard,
            ["dashboardPort"] = spec.Ray.DashboardPort,
        },
        ["network"] = new JsonObject { ["interface"] = spec.Workers.NetworkInterface, ["hostNetwork"] = spec.Workers.HostNetwork },
        ["logs"] = spec.Logs is { } logs
            ? new JsonObject { ["directory"] = logs.Directory, ["keepAttempts"] = logs.KeepAttempts, ["collectOnFailure"] = logs.CollectOnFailure }
            : null,
    };

    private static JsonObject Weights(GrpoTrainingJobSpec spec)
    {
        var mode = spec.Strategy == Strategy.Megatron ? spec.Model.Weights.ToString() : "None";
        return new JsonObject { ["mode"] = mode, ["path"] = spec.Model.DistCheckpointPath, ["policy"] = spec.Conversion.Policy.ToString() };
    }

    private static JsonObject? Prepare(DataPrepareSpec? prepare) => prepare is null ? null : new JsonObject
    {
        ["script"] = prepare.Script,
        ["rawPath"] = prepare.RawPath,
        ["outputDir"] = prepare.OutputDir,
        ["extraArgs"] = Strings(prepare.ExtraArgs),
    };

    private static JsonArray Strings(IReadOnlyList<string>? texts) => [.. (texts ?? []).Select(text => (JsonNode)text)];
}
