namespace GrpoOperator.KubeRuntime.Queue;

/// <summary>How urgent it is to look at a key. A key in several lanes stands in the most urgent one.</summary>
public enum Lane
{
    /// <summary>A user's change or a failure: runs first, and without the spacing between two runs of a key.</summary>
    Urgent,

    /// <summary>Something the object owns has changed, or a time it asked for has come.</summary>
    Child,

    /// <summary>News that nobody waits for, such as progress.</summary>
    Progress,

    /// <summary>Nothing happened: the first list, a leader's start, the periodic look at everything.</summary>
    Resync,
}
