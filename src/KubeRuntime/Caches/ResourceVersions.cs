using System.Globalization;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>Resource versions are decimal numbers, comparable within a resource: promised since Kubernetes 1.35 (KEP-5504), and true of every
/// server that stores in etcd. Where one can't be read as a number, nothing is concluded from it.</summary>
public static class ResourceVersions
{
    /// <summary>The version as a number; null when it isn't one.</summary>
    public static ulong? Number(string? version) =>
        ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    /// <summary>Whether one version is certainly before another.</summary>
    public static bool Before(string? version, string? other) =>
        Number(version) is { } a && Number(other) is { } b && a < b;
}
