using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.IntegrationTests;

/// <summary>An operator that is killed every minute and started again, as a kubelet does; the last one is measured.</summary>
internal sealed class MortalOperator(TestNamespace @namespace, string kubeconfig) : IAsyncDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource stop = new();
    private readonly List<long> memory = [];
    private OperatorProcess? current;
    private int started;

    /// <summary>How many were killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Resident bytes of the last one, once a minute from its second on.</summary>
    public IReadOnlyList<long> Memory => memory;

    /// <summary>Kills and starts until <paramref name="spared"/>, then only starts what ended by itself, and measures.</summary>
    public async Task KeepAsync(CancellationToken spared)
    {
        while (!stop.IsCancellationRequested)
        {
            current ??= await OperatorProcess.StartAsync(@namespace, $"operator-{++started}", timeScale: 0.1, kubeconfig);
            var ended = await EndsWithinAsync(current, Life);
            if (ended) memory.Clear();
            else if (spared.IsCancellationRequested) memory.Add(await current.ResidentAsync());
            if (!ended && !spared.IsCancellationRequested && !stop.IsCancellationRequested)
            {
                await current.KillAsync();
                Kills++;
                ended = true;
            }

            if (!ended) continue;
            await current.DisposeAsync();
            current = null;
        }
    }

    /// <summary>Ends <paramref name="keeping"/>; the operator lives on.</summary>
    public async Task StopKeepingAsync(Task keeping)
    {
        await stop.CancelAsync();
        await keeping;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        if (current is not null) await current.DisposeAsync();
        stop.Dispose();
    }

    private async Task<bool> EndsWithinAsync(OperatorProcess @operator, TimeSpan time)
    {
        try
        {
            await @operator.EndsAsync(time, stop.Token);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
