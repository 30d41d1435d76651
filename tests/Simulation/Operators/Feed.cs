using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using GrpoOperator.Operator.Views;
using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Operators;

/// <summary>One cache of one process: a place in a resource's log, which it leaves behind at its own pace.</summary>
internal abstract class Feed
{
    public required ApiResource Resource { get; init; }

    public required ApiServer Server { get; init; }

    /// <summary>Takes a cache's own writes.</summary>
    public abstract IOwnWrites OwnWrites { get; }

    /// <summary>How slow this cache is, in seconds; drawn anew after each delivery.</summary>
    public double Lag { get; set; }

    /// <summary>A delivery is on its way.</summary>
    public bool Delivering { get; set; }

    protected int Place { get; set; }

    public bool IsBehind => Place < Server.Log(Resource).Count;

    /// <summary>Lists, as a new process does.</summary>
    public abstract void List();

    /// <summary>Catches up by at most so many changes.</summary>
    public abstract void Advance(int changes);
}

/// <inheritdoc cref="Feed"/>
internal sealed class Feed<TView>(Store<TView> store, ViewDecoder<TView> decode) : Feed, IOwnWrites
    where TView : class, IView
{
    public override IOwnWrites OwnWrites => this;

    public override void List()
    {
        Place = Server.Log(Resource).Count;
        foreach (var found in Server.All(Resource)) Put(found.Snapshot);
    }

    public override void Advance(int changes)
    {
        var log = Server.Log(Resource);
        for (; Place < log.Count && changes > 0; Place++, changes--)
        {
            var change = log[Place];
            if (change.Snapshot is { } snapshot) Put(snapshot);
            else store.Remove(change.Key, change.Uid);
        }
    }

    public void Wrote(ReadOnlySpan<byte> answer)
    {
        var newest = Server.Log(Resource)[^1].Snapshot;
        var view = newest is not null && newest.Json.AsSpan() == answer ? View(newest) : decode(answer);
        if (view is not null) store.Written(view);
    }

    public void Removed(NamespacedName name, string uid) => store.Deleted(name, uid);

    public void Forget() => store.ForgetOwnWrites();

    private void Put(Snapshot snapshot)
    {
        if (View(snapshot) is { } view) store.Apply(view);
    }

    private TView? View(Snapshot snapshot)
    {
        if (snapshot.View is TView known) return known;
        var view = decode(snapshot.Json);
        if (view is TrainingJobView job && snapshot.Spec is { } spec) view = job with { Job = job.Job with { Spec = spec.Same(job.Job.Spec) } } as TView;
        snapshot.View = view;
        return view;
    }
}
