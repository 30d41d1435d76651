namespace GrpoOperator.Crds;

/// <summary>Kind of a failure; decides the built-in answer.</summary>
public enum FailureClass
{
    /// <summary>The job asks for something that can't work.</summary>
    Configuration,

    /// <summary>Host or NPU memory ran out.</summary>
    OutOfMemory,

    /// <summary>Nodes, devices, network or eviction.</summary>
    Infrastructure,

    /// <summary>The startup or the first-step deadline passed.</summary>
    Startup,

    /// <summary>The trainer died without a primary cause.</summary>
    Runtime,

    /// <summary>No step in time.</summary>
    Stall,

    /// <summary><c>activeDeadlineSeconds</c> or <c>pendingDeadlineSeconds</c> passed.</summary>
    Deadline,

    /// <summary>Anything else.</summary>
    Unknown,
}
