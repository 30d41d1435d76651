using System.Text;
using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.Simulation.Server;

/// <summary>One version of an object, as a watch would tell it: its JSON, and the view of it once somebody has decoded it.</summary>
internal sealed class Snapshot(Func<byte[]> render)
{
    private byte[]? json;

    /// <summary>UTF-8 JSON.</summary>
    public byte[] Json => json ??= render();

    /// <summary>The decoded view; every cache of a resource decodes the same way, so they share it.</summary>
    public object? View { get; set; }

    /// <summary>Of a job: the decoded spec, shared by all versions that have the same one.</summary>
    public SharedSpec? Spec { get; init; }
}

/// <summary>An object of the API server.</summary>
internal abstract class ApiObject
{
    public required ApiResource Resource { get; init; }

    public required NamespacedName Key { get; init; }

    public required string Uid { get; init; }

    /// <summary>The controller's uid, or null.</summary>
    public string? OwnerUid { get; init; }

    /// <summary>The label that says which job it belongs to.</summary>
    public string? JobUid { get; init; }

    public long Version { get; private set; }

    /// <summary>The newest version.</summary>
    public Snapshot Snapshot { get; private set; } = new(() => []);

    /// <summary>Takes what the object is now as its next version.</summary>
    public void Renew(long version)
    {
        Version = version;
        Snapshot = NextSnapshot();
    }

    /// <summary>The object as it is now; later changes must not show in it.</summary>
    protected abstract Snapshot NextSnapshot();
}

/// <summary>An object that is kept as the JSON that it was made from.</summary>
internal sealed class JsonObjectEntry : ApiObject
{
    public required JsonObject Body { get; set; }

    protected override Snapshot NextSnapshot()
    {
        Body["metadata"]!["resourceVersion"] = Version.ToString();
        var json = Encoding.UTF8.GetBytes(Body.ToJsonString());
        return new Snapshot(() => json);
    }
}
