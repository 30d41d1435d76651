namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>Whether a cache shows what the server has.</summary>
public enum Availability
{
    /// <summary>The first list isn't complete.</summary>
    Starting,

    /// <summary>Listed, and following the watch.</summary>
    Available,

    /// <summary>The server doesn't let us (403): what is in the cache is what was last seen.</summary>
    Forbidden,

    /// <summary>The server doesn't serve the resource (404).</summary>
    NotServed,
}

/// <summary>An informer, whatever its view: what a host needs to run it.</summary>
public interface IInformer
{
    /// <summary>Name in logs and metrics.</summary>
    string Name { get; }

    /// <summary>Whether nothing can be done without it.</summary>
    bool IsRequired { get; }

    /// <summary>Whether the cache shows what the server has.</summary>
    Availability Availability { get; }

    /// <summary>Ends when every scope was listed once, or is known to be unavailable and isn't required.</summary>
    Task Synced { get; }

    /// <summary>Lists and watches until cancelled. Never ends by an error.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
