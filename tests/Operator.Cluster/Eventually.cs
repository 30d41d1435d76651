namespace GrpoOperator.Operator.Cluster;

/// <summary>Waits for something to become true, for as long as it may take; a timeout says what was seen instead.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    /// <summary>What <paramref name="look"/> sees, once it sees something.</summary>
    public static async Task<T> SeeAsync<T>(Func<Task<T?>> look, TimeSpan within, string what, Func<Task<string>>? explain = null)
        where T : class
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await look() is { } seen) return seen;
            if (TimeProvider.System.GetElapsedTime(start) > within)
                Assert.Fail($"not within {within.TotalSeconds:0} s: {what}\n{(explain is null ? string.Empty : await explain())}");
            await Task.Delay(Period, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends once <paramref name="look"/> is true.</summary>
    public static Task BeTrueAsync(Func<Task<bool>> look, TimeSpan within, string what, Func<Task<string>>? explain = null) =>
        SeeAsync(async () => await look() ? "yes" : null, within, what, explain);
}
