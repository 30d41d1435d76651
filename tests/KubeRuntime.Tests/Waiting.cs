using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.KubeRuntime.Tests;

/// <summary>Waits for conditions, in real time or by turning a fake clock.</summary>
internal static class Waiting
{
    /// <summary>Far more than anything here takes, also on a machine that does ten other things.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, $"Never: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(2));
        }
    }

    /// <summary>Turns the clock on, bit by bit, until the condition holds.</summary>
    /// <returns>How far it had to be turned.</returns>
    public static async Task<TimeSpan> TurnAsync(this FakeTimeProvider time, TimeSpan step, Func<bool> condition, string what)
    {
        var from = time.GetUtcNow();
        await UntilAsync(
            () =>
            {
                if (condition())
                    return true;
                time.Advance(step);
                return false;
            },
            what);
        return time.GetUtcNow() - from;
    }

    /// <summary>Lets everything that is ready to run, run.</summary>
    public static async Task SettleAsync()
    {
        for (var i = 0; i < 20; i++)
            await Task.Yield();
    }
}
