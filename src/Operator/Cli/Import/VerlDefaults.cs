using GrpoOperator.Training.Verl.Hydra;
using GrpoOperator.Training.Verl.Keys;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>Numbers that verl takes where a script says nothing; those that the import asks for are the same in all releases.</summary>
internal static class VerlDefaults
{
    private static readonly KeyTable Newest = VerlKeys.Table(VerlRelease.All[^1], ConfigRoot.Fsdp);

    /// <summary>The number at a key that has one.</summary>
    public static int Of(string key) => (int)((HydraValue.Int)Newest.Find(key)!.Default!).Value;
}
