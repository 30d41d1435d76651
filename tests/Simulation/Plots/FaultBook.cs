using GrpoOperator.Crds;

namespace GrpoOperator.Simulation.Plots;

/// <summary>Faults whose class the contract's table leaves no doubt of.</summary>
internal static class FaultBook
{
    /// <summary>Any of them.</summary>
    public static Fault Any(Chance chance) => chance.Below(4) switch
    {
        0 => AtStart(chance),
        1 => OfPlace(chance),
        _ => OfTrainer(chance),
    };

    /// <summary>Before the trainer is launched.</summary>
    public static Fault AtStart(Chance chance) => chance.Below(5) switch
    {
        0 => new Fault(FaultKind.Code, FailureClass.Infrastructure, Step: -1) { Code = "DeviceMissing" },
        1 => new Fault(FaultKind.Code, FailureClass.Configuration, Step: -1) { Code = "ConfigModelPath" },
        2 => new Fault(FaultKind.Refused, FailureClass.Infrastructure, Rank: chance.Below(2), Step: -1),
        3 => new Fault(FaultKind.ImageMissing, FailureClass.Startup, Rank: chance.Below(2), Step: -1),
        _ => new Fault(FaultKind.NeverLaunched, FailureClass.Startup, Step: -1),
    };

    /// <summary>The trainer, or a container beside it, ends.</summary>
    public static Fault OfTrainer(Chance chance)
    {
        var step = chance.Below(3);
        return chance.Below(9) switch
        {
            0 => new Fault(FaultKind.Exit, FailureClass.Unknown, Step: step) { Message = chance.Of("ValueError: one", "KeyError: two") },
            1 => new Fault(FaultKind.Exit, FailureClass.Runtime, Step: step) { ExitCode = 139 },
            2 => new Fault(FaultKind.Exit, FailureClass.Runtime, Step: step) { Code = "EngineDead" },
            3 => new Fault(FaultKind.Exit, FailureClass.OutOfMemory, Step: step) { Code = "NpuOutOfMemory" },
            4 => new Fault(FaultKind.Exit, FailureClass.Configuration, Step: step) { Code = "NotDivisible" },
            5 => new Fault(FaultKind.Exit, FailureClass.Infrastructure, Step: step) { Code = "DeviceError" },
            6 => new Fault(FaultKind.Kill, FailureClass.Runtime, chance.Below(2), step),
            7 => new Fault(FaultKind.OutOfMemory, FailureClass.OutOfMemory, chance.Below(2), step),
            _ => new Fault(FaultKind.Hang, step > 0 ? FailureClass.Stall : FailureClass.Startup, Step: step),
        };
    }

    /// <summary>A pod is taken away from its gang.</summary>
    public static Fault OfPlace(Chance chance)
    {
        var kind = chance.Of(FaultKind.PodDeleted, FaultKind.PodForced, FaultKind.Drained, FaultKind.Preempted, FaultKind.Evicted);
        return new Fault(kind, FailureClass.Infrastructure, chance.Below(2), chance.Below(3));
    }

    /// <summary>A node fails its pods.</summary>
    public static Fault OfNode(Chance chance) => chance.Below(3) switch
    {
        0 => new Fault(FaultKind.NodeCrash, FailureClass.Infrastructure, chance.Below(2), chance.Below(3)) { Seconds = chance.OneIn(2) ? 0 : chance.Seconds(20, 2000) },
        1 => new Fault(FaultKind.Partition, FailureClass.Infrastructure, chance.Below(2), chance.Below(3)) { Seconds = chance.Seconds(400, 4000), Code = chance.Of<string?>(null, "storage", "network") },
        _ => new Fault(FaultKind.Partition, FailureClass.Infrastructure, chance.Below(2), chance.Below(3)) { Seconds = chance.Seconds(5, 400), Code = chance.Of<string?>(null, "storage", "network") },
    };
}
