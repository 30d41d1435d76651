using System.Text;

namespace GrpoOperator.Simulation.Server;

/// <summary>A Node as the API server has it.</summary>
internal sealed class NodeObject : ApiObject
{
    public required int Npus { get; init; }

    /// <summary>Condition <c>Ready</c>: <c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public string Ready { get; set; } = "True";

    public DateTimeOffset ReadySince { get; set; }

    protected override Snapshot NextSnapshot()
    {
        var json = Encoding.UTF8.GetBytes(
            $$$"""{"metadata":{"name":"{{{Key.Name}}}","uid":"{{{Uid}}}","resourceVersion":"{{{Version}}}","labels":{"kubernetes.io/hostname":"{{{Key.Name}}}","kubernetes.io/arch":"arm64"}},"spec":{},"status":{"allocatable":{"huawei.com/Ascend910":"{{{Npus}}}"},"conditions":[{"type":"Ready","status":"{{{Ready}}}","lastTransitionTime":"{{{ApiServer.Time(ReadySince)}}}"}]}}""");
        return new Snapshot(() => json);
    }
}
