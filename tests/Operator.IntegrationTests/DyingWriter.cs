using System.Text;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>When an operator dies around a write.</summary>
internal enum Death
{
    /// <summary>Just before it sends it.</summary>
    BeforeSending,

    /// <summary>After the API server carried it out, before it hears of it.</summary>
    AfterTheAnswer,
}

/// <summary>
/// The writes of an operator that dies at its k-th one, and writes nothing after that. Without a death it only counts.
/// </summary>
internal sealed class DyingWriter(IKubeWriter inner, int at = int.MaxValue, Death death = Death.BeforeSending) : IKubeWriter
{
    private readonly TaskCompletionSource dead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> sent = [];
    private Func<Task<ApiAnswer>>? held;
    private int count;

    /// <summary>Ends when the operator is dead.</summary>
    public Task Dead => dead.Task;

    /// <summary>Sends the write before which it died, as a network does that held it up; it may be refused.</summary>
    public async Task SendHeldAsync()
    {
        if (held is not { } write) return;
        try
        {
            await write();
        }
        catch (KubeApiException exception) when (exception.IsConflict || exception.IsNotFound || exception.IsAlreadyExists)
        {
            // Too late.
        }
    }

    /// <summary>What was sent, in order.</summary>
    public IReadOnlyList<string> Sent
    {
        get
        {
            lock (sent) return [.. sent];
        }
    }

    public Task<ApiAnswer> CreateAsync(ApiResource resource, string? @namespace, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        LiveOrDieAsync($"create {resource}", () => inner.CreateAsync(resource, @namespace, body, CancellationToken.None));

    public Task<ApiAnswer> PatchAsync(ApiResource resource, NamespacedName name, PatchType type, ReadOnlyMemory<byte> body, string? subresource, CancellationToken cancellationToken) =>
        LiveOrDieAsync($"patch {resource}/{subresource} {Encoding.UTF8.GetString(body.Span)}", () => inner.PatchAsync(resource, name, type, body, subresource, CancellationToken.None));

    public Task<ApiAnswer> DeleteAsync(ApiResource resource, NamespacedName name, DeleteOptions options, CancellationToken cancellationToken) =>
        LiveOrDieAsync($"delete {resource}", () => inner.DeleteAsync(resource, name, options, CancellationToken.None));

    private async Task<ApiAnswer> LiveOrDieAsync(string what, Func<Task<ApiAnswer>> send)
    {
        var number = Interlocked.Increment(ref count);
        if (number == at && death == Death.BeforeSending) held = send;
        if (number > at || held is not null) throw Dying();
        lock (sent) sent.Add(what);
        var answer = await send();
        return number == at ? throw Dying() : answer;
    }

    private KubeApiException Dying()
    {
        dead.TrySetResult();
        return new KubeApiException(0, KubeApiException.Unreachable, "this operator is dead");
    }
}
