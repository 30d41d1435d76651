namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>Keeps a <see cref="Store{TView}"/> equal to the server. TODO</summary>
public sealed class Informer<TView> : IInformer
    where TView : class, IView
{
    /// <inheritdoc/>
    public string Name => throw new NotSupportedException();

    /// <summary>What the informer watches.</summary>
    public InformerDefinition<TView> Definition => throw new NotSupportedException();

    /// <summary>The cache.</summary>
    public Store<TView> Store => throw new NotSupportedException();

    /// <inheritdoc/>
    public Availability Availability => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task Synced => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
