using System.Collections.Immutable;
using System.Text.Json;
using GrpoOperator.KubeRuntime.Api;
using Microsoft.Extensions.Logging;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>Keeps a <see cref="Store{TView}"/> equal to the server: one <see cref="Reflector{TView}"/> per namespace, or one for all.</summary>
public sealed class Informer<TView> : IInformer, IOwnWrites
    where TView : class, IView
{
    private static readonly TimeSpan OverdueCheck = TimeSpan.FromSeconds(5);
    private readonly IKubeReader _api;
    private readonly TimeProvider _time;
    private readonly ImmutableArray<Reflector<TView>> _reflectors;

    /// <summary>Makes an informer; nothing is asked before <see cref="RunAsync"/>.</summary>
    public Informer(
        InformerDefinition<TView> definition, IKubeReader api, TimeProvider time, Random random, IRuntimeMetrics metrics, ILogger<Informer<TView>> log)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Definition = definition;
        _api = api;
        _time = time;
        Store = new Store<TView>(time);
        foreach (var (name, values) in definition.Indexes)
            Store.AddIndex(name, values);
        string?[] scopes = definition.Namespaces.IsEmpty || !definition.Resource.Namespaced ? [null] : [.. definition.Namespaces];
        _reflectors = [.. scopes.Select(scope => new Reflector<TView>(definition, scope, api, Store, time, random, metrics, log))];
        Synced = Task.WhenAll(_reflectors.Select(reflector => reflector.Synced));
    }

    /// <summary>What is watched.</summary>
    public InformerDefinition<TView> Definition { get; }

    /// <summary>The cache.</summary>
    public Store<TView> Store { get; }

    /// <inheritdoc/>
    public string Name => Definition.Name;

    /// <inheritdoc/>
    public bool IsRequired => Definition.Required;

    /// <inheritdoc/>
    public ApiResource Resource => Definition.Resource;

    /// <summary>The worst of its scopes.</summary>
    public Availability Availability
    {
        get
        {
            var all = _reflectors.Select(reflector => reflector.Availability).ToList();
            return all.Find(one => one is Availability.Forbidden or Availability.NotServed) is var bad and not Availability.Starting ? bad : all.Min();
        }
    }

    /// <inheritdoc/>
    public Task Synced { get; }

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_reflectors.Select(reflector => reflector.RunAsync(cancellationToken)).Append(AskForOverdueWritesAsync(cancellationToken)));

    /// <inheritdoc/>
    public void Wrote(ReadOnlySpan<byte> answer)
    {
        if (Definition.FieldSelector is null && TryDecode(answer) is { } view)
            Store.Written(view);
    }

    /// <inheritdoc/>
    public void Removed(NamespacedName name, string uid) => Store.Deleted(name, uid);

    /// <inheritdoc/>
    public void Forget() => Store.ForgetOwnWrites();

    private async Task AskForOverdueWritesAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(OverdueCheck, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                foreach (var overdue in Store.OverdueWrites())
                    await AskAsync(overdue, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task AskAsync(OverdueWrite overdue, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _api.GetAsync(Resource, overdue.NamespacedName, cancellationToken);
            Store.Asked(overdue, TryDecode(answer.Body.Span));
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            Store.Asked(overdue, null);
        }
        catch (KubeApiException)
        {
            // Not known: it stands, and is asked for again.
        }
    }

    private TView? TryDecode(ReadOnlySpan<byte> json)
    {
        try
        {
            return Definition.Decode(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            return null; // The watch will show it, and say so there.
        }
    }
}
