using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;

namespace GrpoOperator.KubeRuntime.Tests.Caches;

/// <summary>A view as an operator writes one: what it needs, nothing else.</summary>
public sealed record PodView(NamespacedName NamespacedName, string Uid, string ResourceVersion, string Phase, string Job) : IView
{
    public ulong Hash { get; } = new ViewHash().Add(Uid).Add(Phase).Add(Job).Value;

    public static PodView? Decode(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var meta = new ObjectMeta();
        var phase = "";
        reader.Read();
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                meta = reader.NextObjectMeta();
            else if (reader.ValueTextEquals("status"u8) && reader.NextIsObject())
                phase = ReadPhase(ref reader);
            else
                reader.Skip();
        }

        if (meta.Labels.ContainsKey("foreign"))
            return null;
        return new PodView(meta.NamespacedName, meta.Uid, meta.ResourceVersion, phase, meta.Labels.GetValueOrDefault("job", ""));
    }

    public static JsonObject Json(string name, string phase = "Pending", string job = "j", string @namespace = "default") => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace, ["labels"] = new JsonObject { ["job"] = job } },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray() },
        ["status"] = new JsonObject { ["phase"] = phase },
    };

    private static string ReadPhase(ref Utf8JsonReader reader)
    {
        var phase = "";
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("phase"u8))
                phase = reader.NextString() ?? "";
            else
                reader.Skip();
        }

        return phase;
    }
}
