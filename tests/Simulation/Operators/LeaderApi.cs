using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Leadership;
using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Operators;

/// <summary>A process' connection to the API server, with what can go wrong around each write.</summary>
internal sealed class LeaderApi(World world, Leader leader) : IKubeApi
{
    private static readonly byte[] Gone = """{"kind":"Status","status":"Success"}"""u8.ToArray();

    private readonly ApiServer server = world.Server;

    public Task<ApiAnswer> CreateAsync(ApiResource resource, string? @namespace, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var parsed = JsonNode.Parse(body.Span)!.AsObject();
        var name = (string)parsed["metadata"]!["name"]!;
        return Write(new LeaderWrite(leader, "POST", resource, new NamespacedName(@namespace!, name), null), () => server.Add(Children.Of(server, resource, @namespace!, parsed)).Snapshot.Json);
    }

    public Task<ApiAnswer> PatchAsync(ApiResource resource, NamespacedName name, PatchType type, ReadOnlyMemory<byte> body, string? subresource, CancellationToken cancellationToken)
    {
        var parsed = JsonNode.Parse(body.Span)!;
        var write = new LeaderWrite(leader, subresource is null ? "PATCH" : "PATCH " + subresource, resource, name, null) { Patch = parsed };
        return Write(write, () => type == PatchType.Merge
            ? server.MergeStatus(resource, name, parsed.AsObject()).Snapshot.Json
            : server.Patch(resource, name, parsed.AsArray()).Snapshot.Json);
    }

    public Task<ApiAnswer> DeleteAsync(ApiResource resource, NamespacedName name, DeleteOptions options, CancellationToken cancellationToken)
    {
        var force = options.GracePeriodSeconds == 0;
        return Write(new LeaderWrite(leader, force ? "DELETE by force" : "DELETE", resource, name, options.Uid), () =>
        {
            server.Delete(resource, name, options.Uid, force);
            return Gone;
        });
    }

    public Task<ApiAnswer> GetAsync(ApiResource resource, NamespacedName name, CancellationToken cancellationToken) =>
        world.Cluster.LeaseOf(resource, name) is { } lease ? Task.FromResult(new ApiAnswer(lease, world.Time.Now))
        : server.Find(resource, name) is { } found ? Task.FromResult(new ApiAnswer(found.Snapshot.Json))
        : throw new KubeApiException(404, "NotFound", name.ToString());

    public Task<ListPage> ListPageAsync(ApiResource resource, Scope scope, int limit, string? continueToken, CancellationToken cancellationToken)
    {
        var uid = scope.LabelSelector!.Split('=')[1];
        return Task.FromResult(new ListPage("0", string.Empty, [.. server.All(resource).Where(found => found.JobUid == uid).Select(found => (ReadOnlyMemory<byte>)found.Snapshot.Json)]));
    }

    public Task<IWatchStream> WatchAsync(ApiResource resource, Scope scope, string resourceVersion, TimeSpan lifetime, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Caches are fed by the simulation.");

    public Task<ApiAnswer> GetPathAsync(string path, CancellationToken cancellationToken) => throw new KubeApiException(404, "NotFound", path);

    public Task<ApiAnswer> ReadPodLogAsync(NamespacedName pod, PodLogRequest request, CancellationToken cancellationToken) =>
        throw new KubeApiException(404, "NotFound", pod.ToString());

    private Task<ApiAnswer> Write(LeaderWrite write, Func<byte[]> apply)
    {
        if (!leader.Leads) throw new WriteRefusedException();
        var fault = world.Operators.Faults.Next();
        switch (fault)
        {
            case WriteFault.CrashBefore:
                throw new CrashException();
            case WriteFault.Throttled:
                throw new KubeApiException(429, "TooManyRequests", "try again");
            case WriteFault.Late:
                world.Agenda.After(world.Order.Seconds(1, 90), () => Arrive(write, apply));
                throw new CrashException();
            default:
                break;
        }

        var answer = Apply(write, apply);
        return fault switch
        {
            WriteFault.CrashAfter => throw new CrashException(),
            WriteFault.AnswerLost => throw new KubeApiException(0, KubeApiException.TimedOut, "no answer came"),
            _ => Task.FromResult(new ApiAnswer(answer)),
        };
    }

    private void Arrive(LeaderWrite write, Func<byte[]> apply)
    {
        try
        {
            Apply(write with { Late = true }, apply);
        }
        catch (KubeApiException)
        {
            // Refused by its preconditions: that is what they are for.
        }
    }

    private byte[] Apply(LeaderWrite write, Func<byte[]> apply)
    {
        world.Promises.Before(write);
        var answer = apply();
        world.Promises.After(write);
        return answer;
    }
}

/// <summary>One write of an operator.</summary>
internal sealed record LeaderWrite(Leader Leader, string Verb, ApiResource Resource, NamespacedName Key, string? Uid)
{
    /// <summary>It was sent by a process that no longer leads.</summary>
    public bool Late { get; init; }

    /// <summary>The body of a patch.</summary>
    public JsonNode? Patch { get; init; }

    public override string ToString() => $"{Verb} {Resource.Plural} {Key.Name}{(Uid is null ? "" : " " + Uid)}{(Late ? " (late)" : "")}";
}
