using GrpoOperator.Crds;

namespace GrpoOperator.Training.Ascend;

/// <summary>Generation of an Ascend chip.</summary>
public enum AscendChip
{
    /// <summary>Not known: a custom accelerator.</summary>
    Unknown,

    /// <summary>910A.</summary>
    Ascend910A,

    /// <summary>910B: Atlas A2.</summary>
    A2,

    /// <summary>910_93, two dies a module: Atlas A3. A die counts as one NPU.</summary>
    A3,

    /// <summary>950: A5.</summary>
    A5,
}

/// <summary>
/// What a machine's device plugin and scheduler expect. Every value can be overridden in the spec; the numbers are those of
/// the MindCluster 26.1 and HAMi documentation.
/// </summary>
/// <param name="Accelerator">The machine.</param>
/// <param name="Name">Its name in the API.</param>
/// <param name="Chip">Its chip.</param>
/// <param name="ResourceName">The device plugin's extended resource; null where the spec must name it.</param>
/// <param name="NpusPerNode">NPUs of a whole node (dies on A3); null where the spec must say it.</param>
/// <param name="SchedulePolicy">Value of the annotation <c>huawei.com/schedule_policy</c>; null where no Ascend plugin reads one.</param>
public sealed record AcceleratorPreset(
    Accelerator Accelerator, string Name, AscendChip Chip, string? ResourceName, int? NpusPerNode, string? SchedulePolicy)
{
    /// <summary>True when pods form super pods: they carry <c>sp-block</c>, by default all NPUs of the job, and take whole nodes.</summary>
    public bool IsSuperPod { get; init; }

    /// <summary>NPU counts that a pod of a job of one node may ask for; empty: any.</summary>
    public IReadOnlyList<int> SingleNodeCounts { get; init; } = [];

    /// <summary>NPU counts that each pod of a job of several nodes may ask for; empty: any.</summary>
    public IReadOnlyList<int> MultiNodeCounts { get; init; } = [];

    /// <summary>The least number of NPUs that the device plugin hands out: what the conversion Job asks for.</summary>
    public int ConversionNpus { get; init; } = 1;

    /// <summary>Memory of an NPU in GB; null where there are modules of several sizes.</summary>
    public int? MemoryGB => Chip is AscendChip.A3 ? 64 : null;

    /// <summary>Runtime class of the pods; null: the node's default runtime is Ascend's.</summary>
    public string? RuntimeClassName { get; init; }

    /// <summary>Labels that nodes of this kind are known to have. MindCluster promises none, so most presets have none.</summary>
    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The counts that <see cref="SingleNodeCounts"/> or <see cref="MultiNodeCounts"/> allow for this many nodes.</summary>
    public IReadOnlyList<int> Counts(int nodes) => nodes > 1 ? MultiNodeCounts : SingleNodeCounts;

    /// <summary>Every preset.</summary>
    public static IEnumerable<AcceleratorPreset> All => Enum.GetValues<Accelerator>().Select(Of);

    /// <summary>The preset of that name in the API; null when there is none.</summary>
    public static AcceleratorPreset? Named(string name) => All.FirstOrDefault(preset => preset.Name == name);

    /// <summary>The preset of <paramref name="accelerator"/>.</summary>
    public static AcceleratorPreset Of(Accelerator accelerator) => AcceleratorPresets.All[accelerator];
}
