using System.Collections.Concurrent;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>Many lives beside each other, each in a namespace of its own.</summary>
internal static class Lives
{
    private const int AtOnce = 6;

    /// <summary>Tells a life for each point; fails in the end, with all that went wrong.</summary>
    /// <param name="points">What the lives differ in.</param>
    /// <param name="tell">Tells one.</param>
    /// <param name="name">What a life is called when it failed.</param>
    public static async Task TellAllAsync<T>(IEnumerable<T> points, Func<T, Task> tell, Func<T, string> name)
    {
        var failures = new ConcurrentQueue<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(points, options, async (point, _) =>
        {
            try
            {
                await tell(point);
            }
            catch (Exception exception)
            {
                failures.Enqueue($"{name(point)}: {exception.Message}");
            }
        });
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
    }
}
