using GrpoOperator.Simulation;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.IntegrationTests.Calibration;

/// <summary>What happens in a history: what the operator, a user, a scheduler and kubelets may do, in an order that a seed determines.</summary>
internal static class Script
{
    private const int Length = 24;

    private static readonly ChildKind[] Batch = [ChildKind.InspectionJob, ChildKind.DataJob];
    private static readonly ChildKind[] Kinds = [ChildKind.LaunchConfig, ChildKind.Service, ChildKind.NetworkPolicy, ChildKind.StatefulSet, .. Batch];

    /// <summary>The steps of a seed.</summary>
    public static IReadOnlyList<Step> Of(int seed)
    {
        var chance = new Chance(seed);
        List<Step> steps = [new Step.MakeJob(), new Step.Status(Meant.Current, 1), new Step.Make(ChildKind.Service, 1), new Step.Make(ChildKind.StatefulSet, 1), new Step.Make(chance.Of(Batch), 1)];
        while (steps.Count < Length) steps.AddRange(Next(chance, steps.Count));
        return steps;
    }

    private static Step[] Next(Chance chance, int number) => chance.Below(21) switch
    {
        0 => [new Step.ChangeSpec(number)],
        1 => [chance.OneIn(2) ? new Step.DeleteJob() : new Step.MakeJob()],
        2 or 3 => [new Step.Status(Uid(chance), number)],
        4 or 5 or 6 => [new Step.Make(chance.Of(Kinds), chance.Between(1, 3))],
        7 or 8 => [new Step.Delete(chance.Of(Kinds), Uid(chance))],
        9 => [new Step.Delete(ChildKind.StatefulSet, Uid(chance))],
        10 or 11 => [new Step.Seal(Uid(chance))],
        12 => [new Step.Point(Uid(chance), chance.Between(1, 3))],
        13 or 14 => [new Step.DeletePod(chance.Below(2), Uid(chance), Force: chance.OneIn(3))],
        15 => [new Step.Bind(chance.Below(2))],
        16 => [new Step.Gone(chance.Below(2))],
        17 => Evicted(chance.Below(2)),
        18 => Drained(chance.Below(2)),
        19 => [new Step.DeleteBatchPod(chance.Of(Batch), Force: chance.OneIn(2))],
        _ => [new Step.EndBatch(chance.Of(Batch), Well: chance.OneIn(2))],
    };

    private static Step[] Evicted(int rank) => [new Step.Bind(rank), new Step.Evict(rank)];

    private static Step[] Drained(int rank) => [new Step.Bind(rank), new Step.DeletePod(rank, Meant.Current, Force: false), new Step.Gone(rank)];

    private static Meant Uid(Chance chance) => chance.OneIn(4) ? Meant.Earlier : Meant.Current;
}
