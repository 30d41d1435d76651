using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>What a network or a busy API server does to an operator's requests. Each instance serves one proxy.</summary>
/// <param name="name">For messages.</param>
internal abstract class Fault(string name)
{
    private readonly ConcurrentDictionary<string, int> turns = new(StringComparer.Ordinal);
    private int count;

    /// <summary>How often it was done: a fault that never happened proves nothing.</summary>
    public int Count => count;

    /// <summary>Answers a request, or forwards it.</summary>
    public abstract Task HandleAsync(HttpContext context, Func<Task> forward);

    public override string ToString() => name;

    protected void Note() => Interlocked.Increment(ref count);

    /// <summary>Yes, no, yes, no … (or rarer) for the requests of a method to an address: whoever repeats gets through.</summary>
    private bool IsItsTurn(HttpRequest request, int every = 2) =>
        turns.AddOrUpdate($"{request.Method} {request.Path} {(IsWatch(request) ? "watch" : string.Empty)}", 1, (_, before) => before + 1) % every == 1;

    protected static bool IsWatch(HttpRequest request) => request.Query.ContainsKey("watch");

    protected static bool IsWrite(HttpRequest request) => request.Method is not "GET";

    /// <summary>Refuses a request as the API server would.</summary>
    protected Task RefuseAsync(HttpContext context, int code, string reason)
    {
        Note();
        if (code == StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = "1";
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"the proxy says no","reason":"{{reason}}","code":{{code}}}""");
    }

    /// <summary>Lets a request be carried out, and ends the connection before the answer.</summary>
    protected async Task LoseAnswerAsync(HttpContext context, Func<Task> forward)
    {
        Note();
        context.Response.Body = Stream.Null;
        await forward();
        context.Abort();
    }

    /// <summary>Every fault of these tests, new.</summary>
    public static IReadOnlyDictionary<string, Func<Fault>> All { get; } = new Dictionary<string, Func<Fault>>
    {
        ["conflicts"] = () => new Refusal("conflicts", StatusCodes.Status409Conflict, "Conflict", writesOnly: true),
        ["too many requests"] = () => new Refusal("too many requests", StatusCodes.Status429TooManyRequests, "TooManyRequests", every: 5),
        ["internal errors"] = () => new Refusal("internal errors", StatusCodes.Status500InternalServerError, "InternalError"),
        ["lost answers"] = () => new LostAnswer(),
        ["cut watches"] = () => new CutWatch(),
        ["slow requests"] = () => new Slowness(TimeSpan.FromMilliseconds(400)),
        ["late pods"] = () => new LateEvents("pods", TimeSpan.FromSeconds(2)),
        ["late StatefulSets"] = () => new LateEvents("statefulsets", TimeSpan.FromSeconds(2)),
        ["late jobs"] = () => new LateEvents("grpotrainingjobs", TimeSpan.FromSeconds(2)),
    };

    /// <summary>The first request of a kind to an address is refused, and every second or later one after it.</summary>
    private sealed class Refusal(string name, int code, string reason, bool writesOnly = false, int every = 2) : Fault(name)
    {
        public override async Task HandleAsync(HttpContext context, Func<Task> forward)
        {
            if ((writesOnly && !IsWrite(context.Request)) || !IsItsTurn(context.Request, every))
            {
                await forward();
                return;
            }

            await RefuseAsync(context, code, reason);
        }
    }

    /// <summary>Every second write of a kind to an address is carried out, and the connection ends before the answer.</summary>
    private sealed class LostAnswer() : Fault("lost answers")
    {
        public override async Task HandleAsync(HttpContext context, Func<Task> forward)
        {
            if (!IsWrite(context.Request) || !IsItsTurn(context.Request))
            {
                await forward();
                return;
            }

            await LoseAnswerAsync(context, forward);
        }
    }

    /// <summary>The first three watches of every resource are cut after a second.</summary>
    /// <remarks>Not more: an informer waits longer each time, up to half a minute, as it should.</remarks>
    private sealed class CutWatch() : Fault("cut watches")
    {
        private const int Openings = 3;

        private readonly ConcurrentDictionary<string, int> opened = new(StringComparer.Ordinal);

        public override async Task HandleAsync(HttpContext context, Func<Task> forward)
        {
            if (!IsWatch(context.Request) || opened.AddOrUpdate(context.Request.Path + context.Request.Query["fieldSelector"], 1, (_, before) => before + 1) > Openings)
            {
                await forward();
                return;
            }

            Note();
            using var cut = new Timer(_ => context.Abort(), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
            await forward();
        }
    }

    /// <summary>Every request takes this much longer.</summary>
    private sealed class Slowness(TimeSpan delay) : Fault("slow requests")
    {
        public override async Task HandleAsync(HttpContext context, Func<Task> forward)
        {
            Note();
            await Task.Delay(delay, context.RequestAborted);
            await forward();
        }
    }

    /// <summary>A cache that is behind the others: the events of one resource arrive this much later.</summary>
    private sealed class LateEvents(string resource, TimeSpan delay) : Fault($"late {resource}")
    {
        public override async Task HandleAsync(HttpContext context, Func<Task> forward)
        {
            if (!IsWatch(context.Request) || !context.Request.Path.Value!.EndsWith("/" + resource, StringComparison.Ordinal))
            {
                await forward();
                return;
            }

            Note();
            var body = context.Response.Body;
            await using var late = new LateStream(body, delay, context.RequestAborted);
            context.Response.Body = late;
            await forward();
        }
    }
}
