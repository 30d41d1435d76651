namespace GrpoOperator.Simulation.Launcher;

/// <summary>A job's checkpoint directory: the fence's marks, and what the trainer saved.</summary>
internal sealed class CheckpointFolder
{
    /// <summary>Uid of the pod that holds each incarnation's mark.</summary>
    public SortedDictionary<int, string> Marks { get; } = [];

    /// <summary>A mark says that this job succeeded.</summary>
    public bool Succeeded { get; set; }

    /// <summary>The newest step that was saved.</summary>
    public int SavedStep { get; set; }

    /// <summary>The newest incarnation that has a mark.</summary>
    public int Newest => Marks.Count == 0 ? 0 : Marks.Keys.Max();
}

/// <summary>One trainer process, from its launch to its end.</summary>
internal sealed class TrainerRun
{
    public required string JobUid { get; init; }

    public required int Incarnation { get; init; }

    public required Rank Head { get; init; }

    /// <summary>The step that it started from.</summary>
    public required int From { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public int Step { get; set; }

    /// <summary>The step of its newest checkpoint, or null.</summary>
    public int? Saved { get; set; }

    /// <summary>How it ended; null while it lives.</summary>
    public string? End { get; set; }
}
