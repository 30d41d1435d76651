using System.Globalization;
using System.Text.Json.Nodes;

namespace GrpoOperator.Operator.Cluster;

/// <summary>A request as the API server recorded it: every write, and reads of the users that its policy names.</summary>
internal sealed record AuditedRequest(string User, string Verb, string Resource, string Subresource, string Namespace, string Name, int Code, string From, string UserAgent)
{
    /// <summary>When it came in, by the server's clock, in microseconds.</summary>
    public required DateTimeOffset Received { get; init; }

    /// <summary>When its answer was complete.</summary>
    public required DateTimeOffset Answered { get; init; }

    public bool IsWrite => Verb is not ("get" or "list" or "watch");

    public bool IsAccepted => Code is >= 200 and < 300;

    public override string ToString() => $"{Verb} {Resource}{(Subresource.Length > 0 ? "/" + Subresource : string.Empty)} {Name} → {Code}";
}

/// <summary>The API server's audit log, from the moment that this was made: who wrote what, answered how.</summary>
internal sealed class AuditLog
{
    private readonly long from = new FileInfo(TestCluster.AuditLogFile).Length;

    /// <summary>Writes by a user so far, leases left out: they are the price of leading, not of a job.</summary>
    public IReadOnlyList<AuditedRequest> WritesBy(string user) => [.. RequestsBy(user).Where(request => request.IsWrite && request.Resource != "leases")];

    /// <summary>All that a user asked for so far, in the order of the answers.</summary>
    public IReadOnlyList<AuditedRequest> RequestsBy(string user) => [.. All().Where(request => request.User == user)];

    /// <summary>Writes in a namespace so far, by whomever, in the order of the answers.</summary>
    public IReadOnlyList<AuditedRequest> WritesIn(string @namespace) => [.. All().Where(request => request.Namespace == @namespace && request.IsWrite)];

    /// <summary>A job's children that were made in a namespace, under a name or one that begins with it, as resource and name.</summary>
    public IReadOnlyList<string> MadeIn(string @namespace, string name) =>
    [
        .. All().Where(write => write.Namespace == @namespace && write is { Verb: "create", IsAccepted: true, Resource: "configmaps" or "jobs" or "networkpolicies" or "services" or "statefulsets" })
            .Where(write => write.Name.StartsWith(name, StringComparison.Ordinal))
            .Select(write => $"{write.Resource}/{write.Name}").Order(StringComparer.Ordinal),
    ];

    private IEnumerable<AuditedRequest> All()
    {
        using var file = new FileStream(TestCluster.AuditLogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        // It may have been in the middle of a line at that moment: what is left of that line is no record.
        file.Seek(Math.Max(0, from - 1), SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        if (from > 0) reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            // The last line may be half written.
            if (line.EndsWith('}') && Read(JsonNode.Parse(line)) is { } write) yield return write;
        }
    }

    private static AuditedRequest? Read(JsonNode? line) => Kube.Text(line, "stage") != "ResponseComplete" ? null : new AuditedRequest(
        Kube.Text(line, "user", "username") ?? string.Empty,
        Kube.Text(line, "verb") ?? string.Empty,
        Kube.Text(line, "objectRef", "resource") ?? string.Empty,
        Kube.Text(line, "objectRef", "subresource") ?? string.Empty,
        Kube.Text(line, "objectRef", "namespace") ?? string.Empty,
        Kube.Text(line, "objectRef", "name") ?? string.Empty,
        int.Parse(Kube.Text(line, "responseStatus", "code") ?? "0"),
        line!["sourceIPs"] is JsonArray { Count: > 0 } addresses ? addresses[0]!.ToString() : string.Empty,
        Kube.Text(line, "userAgent") ?? string.Empty)
    {
        Received = DateTimeOffset.Parse(Kube.Text(line, "requestReceivedTimestamp")!, CultureInfo.InvariantCulture),
        Answered = DateTimeOffset.Parse(Kube.Text(line, "stageTimestamp")!, CultureInfo.InvariantCulture),
    };
}
