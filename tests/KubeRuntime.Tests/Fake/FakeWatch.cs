using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace GrpoOperator.KubeRuntime.Tests.Fake;

/// <summary>One open watch of the fake server.</summary>
internal sealed class FakeWatch(HttpContext http, Func<FakeEvent, bool> matches, Func<JsonObject, JsonObject> trim) : IDisposable
{
    private readonly Channel<string?> _lines = Channel.CreateUnbounded<string?>();

    public void Offer(FakeEvent happened)
    {
        if (matches(happened))
            Send(new JsonObject { ["type"] = happened.Type, ["object"] = trim(happened.Object) }.ToJsonString());
    }

    public void Send(string line) => _lines.Writer.TryWrite(line);

    public void End() => _lines.Writer.TryComplete();

    public void Cut()
    {
        _lines.Writer.TryWrite(null);
        End();
    }

    public async Task RunAsync()
    {
        http.Response.ContentType = "application/json";
        await http.Response.Body.FlushAsync(http.RequestAborted);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(http.RequestAborted))
            {
                if (line is null)
                {
                    http.Abort();
                    return;
                }

                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The client left.
        }
    }

    public void Dispose() => End();
}
