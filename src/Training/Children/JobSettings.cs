using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Children;

/// <summary><c>job.json</c>: the part of the spec that the launcher acts on, version 1 of its format.</summary>
internal static class JobSettings
{
    private const string ConverterScript = "scripts/converter_hf_to_mcore.py";

    public static JsonObject Of(ChildContext context, JobShape shape)
    {
        var spec = context.Spec;
        return new JsonObject
        {
            ["v"] = 1,
            ["strategy"] = spec.Strategy.ToString(),
            ["verlVersion"] = spec.VerlVersion,
            ["model"] = new JsonObject { ["path"] = spec.Model.Path },
            ["weights"] = Weights(spec),
            ["conversion"] = Conversion(spec, shape),
            ["data"] = new JsonObject
            {
                ["trainFiles"] = Strings(spec.Data.TrainFiles),
                ["valFiles"] = Strings(spec.Data.ValFiles),
                ["prepare"] = Prepare(spec),
            },
            ["reward"] = spec.Reward is { } reward ? new JsonObject { ["path"] = reward.Path, ["functionName"] = reward.FunctionName } : null,
            ["checkpointDir"] = spec.Trainer.CheckpointDir,
            ["resume"] = new JsonObject { ["mode"] = spec.Trainer.Resume?.Mode?.ToString() },
            ["launch"] = Launch(spec, spec.Launch),
            ["ray"] = Ray(context, shape),
            ["network"] = new JsonObject { ["interface"] = spec.Workers.NetworkInterface, ["hostNetwork"] = spec.Workers.HostNetwork },
            ["logs"] = spec.Logs is { } logs
                ? new JsonObject { ["directory"] = logs.Directory, ["keepAttempts"] = logs.KeepAttempts, ["collectOnFailure"] = logs.CollectOnFailure }
                : null,
        };
    }

    private static JsonObject Weights(GrpoTrainingJobSpec spec)
    {
        var mode = spec.Strategy == Strategy.Megatron ? (spec.Model.Weights ?? WeightsMode.DistCheckpoint).ToString() : "None";
        return new JsonObject { ["mode"] = mode, ["path"] = spec.Model.DistCheckpointPath, ["policy"] = spec.Conversion.Policy.ToString() };
    }

    // Unless the spec tells, the launcher sees from the model itself whether it has experts.
    private static JsonObject Conversion(GrpoTrainingJobSpec spec, JobShape shape) => new()
    {
        ["useCpuInitialization"] = spec.Conversion.UseCpuInitialization ?? (spec.Actor.Parallelism?.Expert > 1 ? true : null),
        ["extraArgs"] = Strings(spec.Conversion.ExtraArgs),
        ["script"] = ConverterScript,
        ["otherImage"] = IsOther(spec, spec.Conversion.Image),
        ["npus"] = spec.Conversion.Npus ?? shape.Preset.ConversionNpus,
    };

    private static JsonObject? Prepare(GrpoTrainingJobSpec spec) => spec.Data.Prepare is not { } prepare ? null : new JsonObject
    {
        ["script"] = prepare.Script,
        ["otherImage"] = IsOther(spec, prepare.Image),
        ["rawPath"] = prepare.RawPath,
        ["outputDir"] = prepare.OutputDir ?? DirectoryOf(spec.Data.TrainFiles[0]),
        ["extraArgs"] = Strings(prepare.ExtraArgs),
    };

    private static string DirectoryOf(string file) => file[..Math.Max(1, file.LastIndexOf('/'))];

    // What another image holds the inspection can't see.
    private static bool IsOther(GrpoTrainingJobSpec spec, string? image) => (image ?? spec.Image) != (spec.Inspection.Image ?? spec.Image);

    private static JsonObject Launch(GrpoTrainingJobSpec spec, LaunchSpec launch) => new()
    {
        ["otherImage"] = IsOther(spec, image: null),
        ["module"] = launch.Module ?? LaunchSpec.DefaultModule,
        ["mode"] = launch.Mode.ToString(),
        ["workDir"] = launch.WorkDir,
        ["pythonPath"] = Strings(launch.PythonPath),
        ["setup"] = launch.Setup,
        ["command"] = launch.Command is { Count: > 0 },
    };

    private static JsonObject Ray(ChildContext context, JobShape shape)
    {
        var (ray, endpoint) = (context.Spec.Ray, RayEndpoint.Of(context));
        return new JsonObject
        {
            ["port"] = endpoint.Port,
            ["cpusPerNode"] = shape.CpusPerNode,
            ["objectStoreMemory"] = ray.ObjectStoreMemory is { } memory ? (long?)Quantity.Parse(memory) : null,
            ["dashboard"] = ray.Dashboard,
            ["dashboardPort"] = endpoint.DashboardPort,
            ["startArgs"] = endpoint.StartArguments.Count == 0 ? null : Strings(endpoint.StartArguments),
        };
    }

    private static JsonArray Strings(IReadOnlyList<string>? texts) => [.. (texts ?? []).Select(text => (JsonNode)text)];
}
