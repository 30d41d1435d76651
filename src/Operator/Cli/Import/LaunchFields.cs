using GrpoOperator.Crds;
using GrpoOperator.Operator.Cli.Script;
using GrpoOperator.Training.Verl;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary><c>launch</c>: what differs from what the operator starts by itself.</summary>
internal static class LaunchFields
{
    /// <summary>The directory that verl starts in.</summary>
    public static string WorkDirOf(Launch launch) => launch.WorkDir is { IsKnown: true } directory && directory.Text.Length > 1 ? directory.Text.TrimEnd('/') : LaunchSpec.DefaultWorkDir;

    /// <summary>Writes the fields.</summary>
    public static void Write(JobTree job, Launch launch, LaunchArguments arguments, Strategy strategy)
    {
        var isMain = arguments.Module == LaunchSpec.DefaultModule;
        if (!isMain)
            job.Set("launch.module", arguments.Module);
        if (WorkDirOf(launch) is var directory && directory != LaunchSpec.DefaultWorkDir)
        {
            job.Set("launch.workDir", directory);
            job.Comment("launch.workDir", $"line {launch.WorkDir!.Line}: where the script starts; in the published images verl lies in {LaunchSpec.DefaultWorkDir}");
        }

        else if (launch.WorkDir is { IsKnown: false } elsewhere)
        {
            job.Comment("", $"line {elsewhere.Line}: the directory that the script starts in isn't known; the job starts in {LaunchSpec.DefaultWorkDir}, where verl lies in the published images");
        }

        var isMegatron = isMain && strategy is Strategy.Megatron;
        Config(job, "launch.configPath", arguments.ConfigPath, isMegatron ? Arguments.VerlConfigPath : null);
        Config(job, "launch.configName", arguments.ConfigName, isMegatron ? Arguments.MegatronConfigName : null);
        if (arguments.Options.Count > 0)
            job.Set("launch.args", Nodes.Of(arguments.Options));
    }

    private static void Config(JobTree job, string field, string? given, string? ordinary)
    {
        if ((given ?? "") != (ordinary ?? ""))
            job.Set(field, given ?? "");
    }
}
