namespace GrpoOperator.Operator.Cluster;

/// <summary>Something that the first who needs it does, while the others wait.</summary>
internal sealed class Once(Func<Task> act)
{
    private readonly Lock door = new();
    private Task? done;

    public Task DoAsync()
    {
        lock (door) return done ??= act();
    }
}
