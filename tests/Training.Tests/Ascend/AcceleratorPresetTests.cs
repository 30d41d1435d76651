using System.Text.Json;
using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Tests.Ascend;

public sealed class AcceleratorPresetTests
{
    [Theory]
    [InlineData(Accelerator.Atlas800TA3, "huawei.com/Ascend910", 16, "chip2-node16", false, null, 1)]
    [InlineData(Accelerator.Atlas800TA2, "huawei.com/Ascend910", 8, "chip8-node8", false, null, 1)]
    [InlineData(Accelerator.Atlas900A3SuperPod, "huawei.com/Ascend910", 16, "chip2-node16-sp", true, null, 1)]
    [InlineData(Accelerator.Atlas9000A3, "huawei.com/Ascend910", 8, "chip2-node8-sp", true, null, 1)]
    [InlineData(Accelerator.Atlas800Ascend910A, "huawei.com/Ascend910", 8, "chip4-node8", false, null, 1)]
    [InlineData(Accelerator.Atlas850, "huawei.com/npu", 8, "chip8-node8", false, null, 1)]
    [InlineData(Accelerator.HamiA3, "huawei.com/Ascend910C", 16, null, false, "ascend", 2)]
    [InlineData(Accelerator.HamiA2, "huawei.com/Ascend910B3", 8, null, false, "ascend", 1)]
    [InlineData(Accelerator.Custom, null, null, null, false, null, 1)]
    public void A_machine_has_its_values(
        Accelerator accelerator, string? resource, int? npus, string? policy, bool superPod, string? runtimeClass, int conversionNpus)
    {
        var preset = AcceleratorPreset.Of(accelerator);
        Assert.Equal(
            (resource, npus, policy, superPod, runtimeClass, conversionNpus),
            (preset.ResourceName, preset.NpusPerNode, preset.SchedulePolicy, preset.IsSuperPod, preset.RuntimeClassName, preset.ConversionNpus));
    }

    [Fact]
    public void Every_machine_of_the_API_has_a_preset_under_its_name()
    {
        foreach (var accelerator in Enum.GetValues<Accelerator>())
        {
            var name = JsonSerializer.Serialize(new WorkersSpec { Nodes = 1, Accelerator = accelerator }, CrdJsonContext.Default.GetTypeInfo(typeof(WorkersSpec))!);
            Assert.Contains($"\"accelerator\":\"{AcceleratorPreset.Of(accelerator).Name}\"", name, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_whole_node_can_always_be_had()
    {
        foreach (var preset in Enum.GetValues<Accelerator>().Select(AcceleratorPreset.Of).Where(preset => preset.NpusPerNode is not null))
        {
            Assert.Contains(preset.NpusPerNode!.Value, preset.Counts(1));
            Assert.Contains(preset.NpusPerNode.Value, preset.Counts(2));
        }
    }

    [Theory]
    [InlineData(Accelerator.HamiA3)]
    [InlineData(Accelerator.HamiA2)]
    public void Only_HAMi_promises_a_label_of_its_nodes(Accelerator accelerator)
    {
        Assert.Equal("on", AcceleratorPreset.Of(accelerator).NodeSelector["ascend"]);
        Assert.Empty(AcceleratorPreset.Of(Accelerator.Atlas800TA3).NodeSelector);
    }
}
