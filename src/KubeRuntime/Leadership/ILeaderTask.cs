namespace GrpoOperator.KubeRuntime.Leadership;

/// <summary>Something that only the leader does, beside reconciling.</summary>
public interface ILeaderTask
{
    /// <summary>Runs while this process leads. Ends when cancelled; an exception ends the process.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
