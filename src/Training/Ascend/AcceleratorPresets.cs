using System.Collections.Frozen;
using GrpoOperator.Crds;

namespace GrpoOperator.Training.Ascend;

/// <summary>The closed list of presets, one for each value of <c>workers.accelerator</c>.</summary>
internal static class AcceleratorPresets
{
    /// <summary>Resource of every generation up to A3, as MindCluster's device plugin names it.</summary>
    private const string Ascend910 = "huawei.com/Ascend910";

    private static readonly int[] UpToEight = [1, 2, 3, 4, 5, 6, 7, 8];

    private static readonly Dictionary<string, string> HamiNodes = new(StringComparer.Ordinal) { ["ascend"] = "on" };

    public static FrozenDictionary<Accelerator, AcceleratorPreset> All { get; } = new AcceleratorPreset[]
    {
        // Dies: one alone, or whole modules of two; several pods only whole modules.
        new(Accelerator.Atlas800TA3, "atlas-800t-a3", AscendChip.A3, Ascend910, 16, "chip2-node16")
        {
            SingleNodeCounts = [1, 2, 4, 6, 8, 10, 12, 14, 16],
            MultiNodeCounts = [2, 4, 6, 8, 10, 12, 14, 16],
        },
        new(Accelerator.Atlas800TA2, "atlas-800t-a2", AscendChip.A2, Ascend910, 8, "chip8-node8")
        {
            SingleNodeCounts = UpToEight,
            MultiNodeCounts = UpToEight,
        },
        new(Accelerator.Atlas900A3SuperPod, "atlas-900-a3-superpod", AscendChip.A3, Ascend910, 16, "chip2-node16-sp")
        {
            IsSuperPod = true,
            SingleNodeCounts = [16],
            MultiNodeCounts = [16],
        },
        new(Accelerator.Atlas9000A3, "atlas-9000-a3", AscendChip.A3, Ascend910, 8, "chip2-node8-sp")
        {
            IsSuperPod = true,
            SingleNodeCounts = [8],
            MultiNodeCounts = [8],
        },
        new(Accelerator.Atlas800Ascend910A, "atlas-800-910a", AscendChip.Ascend910A, Ascend910, 8, "chip4-node8")
        {
            SingleNodeCounts = [1, 2, 4, 8],
            MultiNodeCounts = [1, 2, 4, 8],
        },
        new(Accelerator.Atlas850, "atlas-850", AscendChip.A5, "huawei.com/npu", 8, "chip8-node8")
        {
            SingleNodeCounts = UpToEight,
            MultiNodeCounts = [8],
        },
        // HAMi rounds one die up to a module and has no scheduling policy of Ascend's plugin.
        new(Accelerator.HamiA3, "hami-a3", AscendChip.A3, "huawei.com/Ascend910C", 16, null)
        {
            SingleNodeCounts = [2, 4, 6, 8, 10, 12, 14, 16],
            MultiNodeCounts = [2, 4, 6, 8, 10, 12, 14, 16],
            ConversionNpus = 2,
            RuntimeClassName = "ascend",
            NodeSelector = HamiNodes,
        },
        new(Accelerator.HamiA2, "hami-a2", AscendChip.A2, "huawei.com/Ascend910B3", 8, null)
        {
            SingleNodeCounts = UpToEight,
            MultiNodeCounts = UpToEight,
            RuntimeClassName = "ascend",
            NodeSelector = HamiNodes,
        },
        new(Accelerator.Custom, "custom", AscendChip.Unknown, null, null, null),
    }.ToFrozenDictionary(preset => preset.Accelerator);
}
