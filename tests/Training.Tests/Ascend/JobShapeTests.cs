using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Tests.Verl;

namespace GrpoOperator.Training.Tests.Ascend;

public sealed class JobShapeTests
{
    [Fact]
    public void The_published_example_is_two_nodes_of_sixteen()
    {
        var shape = Shape("{}", "qwen3-30b-a3b");
        Assert.Equal(
            (2, 16, 32, "huawei.com/Ascend910", 64, 2, 16, null),
            (shape.Nodes, shape.NpusPerNode, shape.TotalNpus, shape.ResourceName, shape.CpusPerNode, shape.TrainerNodes, shape.TrainerNpusPerNode, shape.SpBlock));
    }

    [Theory]
    [InlineData("{}", 64)]
    [InlineData("workers: {npusPerNode: 2}", 10)]
    [InlineData("workers: {npusPerNode: 4}", 16)]
    [InlineData("workers: {resources: {requests: {cpu: '48'}}}", 48)]
    [InlineData("workers: {resources: {requests: {cpu: 48}}}", 48)]
    [InlineData("workers: {resources: {requests: {cpu: '48'}, limits: {cpu: '60'}}}", 60)]
    [InlineData("workers: {resources: {limits: {cpu: 60500m}}}", 60)]
    [InlineData("workers: {resources: {limits: {memory: 1Gi}}}", 64)]
    [InlineData("workers: {template: {spec: {containers: [{name: trainer, resources: {limits: {cpu: 128}}}]}}}", 128)]
    [InlineData("workers: {resources: {limits: {cpu: '60'}}, template: {spec: {containers: [{name: trainer, resources: {limits: {cpu: 128}}}]}}}", 128)]
    [InlineData("workers: {resources: {limits: {cpu: '60'}}, template: {spec: {containers: [{name: trainer, resources: {requests: {cpu: 20}}}]}}}", 60)]
    [InlineData("workers: {resources: {requests: {cpu: '40'}}, template: {spec: {containers: [{name: trainer, resources: {requests: {cpu: 20}}}]}}}", 20)]
    [InlineData("workers: {template: {spec: {containers: [{name: side, resources: {limits: {cpu: 128}}}]}}}", 64)]
    [InlineData("workers: {resources: {limits: {cpu: x}, requests: {cpu: '7'}}}", 7)]
    [InlineData("workers: {resources: {limits: {cpu: '60'}}}\nray: {cpusPerNode: 3}", 3)]
    public void Ray_gets_the_pods_cpus_unless_told_otherwise(string patch, int cpus) => Assert.Equal(cpus, Shape(patch).CpusPerNode);

    [Theory]
    [InlineData("{}", "huawei.com/Ascend910", 16)]
    [InlineData("workers: {resourceName: huawei.com/ascend-1980}", "huawei.com/ascend-1980", 16)]
    [InlineData("workers: {accelerator: custom, resourceName: a/b, npusPerNode: 3}", "a/b", 3)]
    [InlineData("workers: {accelerator: custom}", "", 0)]
    public void Resource_and_count_come_from_the_machine_unless_given(string patch, string resource, int npus)
    {
        var shape = Shape(patch);
        Assert.Equal((resource, npus), (shape.ResourceName, shape.NpusPerNode));
    }

    [Theory]
    [InlineData("workers: {nodes: 3}", 3, 16)]
    [InlineData("workers: {nodes: 3}\ntrainer: {nodes: 2, npusPerNode: 8}", 2, 8)]
    public void The_trainer_takes_all_unless_told_otherwise(string patch, int nodes, int npus)
    {
        var shape = Shape(patch);
        Assert.Equal((nodes, npus, nodes * npus), (shape.TrainerNodes, shape.TrainerNpusPerNode, shape.TrainerNpus));
        Assert.Equal(48, shape.TotalNpus);
    }

    [Theory]
    [InlineData("workers: {nodes: 2}", null)]
    [InlineData("workers: {nodes: 2, accelerator: atlas-900-a3-superpod}", 32)]
    [InlineData("workers: {nodes: 2, accelerator: atlas-9000-a3}", 16)]
    [InlineData("workers: {nodes: 2, template: {metadata: {annotations: {sp-block: '16'}}}}", 16)]
    [InlineData("workers: {nodes: 2, accelerator: atlas-900-a3-superpod, template: {metadata: {annotations: {sp-block: '16'}}}}", 16)]
    [InlineData("workers: {nodes: 2, accelerator: atlas-900-a3-superpod, template: {metadata: {annotations: {sp-block: x}}}}", 32)]
    public void A_super_pod_holds_the_whole_job_unless_told_otherwise(string patch, int? block) => Assert.Equal(block, Shape(patch).SpBlock);

    [Theory]
    [InlineData(1, 7, 7)]
    [InlineData(4, 16, 16)]
    [InlineData(5, 19, 20)]
    [InlineData(16, 52, 64)]
    public void Default_cpus_are_enough_for_verl(int npus, int least, int byDefault)
    {
        Assert.Equal(least, JobShape.LeastCpus(npus));
        Assert.Equal(byDefault, JobShape.DefaultCpus(npus));
    }

    private static JobShape Shape(string patch, string sample = "minimal") => JobShape.Of(Samples.Spec(sample, patch));
}
