using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>A cache that takes note of this process' own writes.</summary>
public interface IOwnWrites
{
    /// <summary>The resource.</summary>
    ApiResource Resource { get; }

    /// <summary>The server answered a POST or PATCH with this object.</summary>
    void Wrote(ReadOnlySpan<byte> answer);

    /// <summary>The object is gone by our DELETE.</summary>
    void Removed(NamespacedName name, string uid);

    /// <summary>Leadership has ended.</summary>
    void Forget();
}
