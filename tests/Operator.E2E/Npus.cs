namespace GrpoOperator.Operator.E2E;

/// <summary>
/// The cluster's NPUs, two nodes of sixteen: tests run side by side and reserve what their jobs ask for, so that a job
/// never waits for another test's.
/// </summary>
internal sealed class Npus : IDisposable
{
    private const int PerNode = 16;

    private static readonly SemaphoreSlim Queue = new(1);
    private static readonly SemaphoreSlim Free = new(PerNode);

    private readonly int each;

    private Npus(int each) => this.each = each;

    /// <summary>Waits until so many are free on every node; jobs of one node count as if they took both.</summary>
    public static async Task<Npus> ReserveAsync(int nodes, int each)
    {
        Assert.InRange(nodes, 1, 2);
        // One after the other: two half-full hands would wait for each other for ever.
        await Queue.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            for (var taken = 0; taken < each; taken++) await Free.WaitAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            Queue.Release();
        }

        return new Npus(each);
    }

    public void Dispose() => Free.Release(each);
}
