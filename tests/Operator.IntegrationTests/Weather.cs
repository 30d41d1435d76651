using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>A bad day: now and then a request is refused, slow or carried out without an answer, and watches end.</summary>
internal sealed class Weather(int seed) : Fault("bad weather")
{
    private readonly Lock door = new();
    private readonly Random random = new(seed);
    private readonly ConcurrentDictionary<string, int> watches = new(StringComparer.Ordinal);

    /// <summary>Watches that are open now, by what they watch.</summary>
    public IReadOnlyDictionary<string, int> Watches => watches.Where(pair => pair.Value > 0).ToDictionary();

    public override async Task HandleAsync(HttpContext context, Func<Task> forward)
    {
        if (IsWatch(context.Request))
        {
            await WatchAsync(context, forward);
            return;
        }

        switch (Throw(100))
        {
            case < 2:
                await RefuseAsync(context, StatusCodes.Status500InternalServerError, "InternalError");
                break;
            case < 4:
                await RefuseAsync(context, StatusCodes.Status429TooManyRequests, "TooManyRequests");
                break;
            case < 6 when IsWrite(context.Request):
                await RefuseAsync(context, StatusCodes.Status409Conflict, "Conflict");
                break;
            case < 9 when IsWrite(context.Request):
                await LoseAnswerAsync(context, forward);
                break;
            case < 15:
                Note();
                await Task.Delay(Throw(800), context.RequestAborted);
                await forward();
                break;
            default:
                await forward();
                break;
        }
    }

    /// <summary>Every third watch ends without a word after up to a minute.</summary>
    private async Task WatchAsync(HttpContext context, Func<Task> forward)
    {
        var what = $"{context.Request.Path}?{context.Request.Query["fieldSelector"]}";
        watches.AddOrUpdate(what, 1, (_, before) => before + 1);
        var end = Throw(3) == 0 ? TimeSpan.FromSeconds(5 + Throw(55)) : Timeout.InfiniteTimeSpan;
        await using var cut = new Timer(_ => Cut(context), null, end, Timeout.InfiniteTimeSpan);
        try
        {
            await forward();
        }
        finally
        {
            watches.AddOrUpdate(what, 0, (_, before) => before - 1);
        }
    }

    private void Cut(HttpContext context)
    {
        Note();
        context.Abort();
    }

    private int Throw(int sides)
    {
        lock (door) return random.Next(sides);
    }
}
