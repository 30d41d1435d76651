using System.Text.Json;
using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>PersistentVolumeClaims of a job.</summary>
internal static class Claims
{
    /// <summary>Their names, each once; what a template adds is not looked through.</summary>
    public static IEnumerable<string> Of(GrpoTrainingJobSpec spec) =>
        (spec.Volumes ?? []).Select(volume => ((JsonElement?)volume).Member("persistentVolumeClaim").Text("claimName")).OfType<string>().Distinct(StringComparer.Ordinal);
}
